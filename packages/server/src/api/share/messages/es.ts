import type { Messages } from './messages.ts'

const ASK_AGAIN = 'Pida uno nuevo a quien se lo envió.'

export const es: Messages = {
  language: 'es',
  fileShared: 'Se ha compartido un archivo con usted',
  folderShared: 'Se ha compartido una carpeta con usted',
  dropShared: 'Le piden archivos',
  openToSee: 'Abra esta dirección en un navegador para verlo.',
  from: 'De',
  type: 'Tipo',
  size: 'Tamaño',
  until: 'Hasta',
  usesLeft: 'Descargas restantes',
  name: 'Nombre',
  changed: 'Modificado',
  contents: 'Contenido',
  download: 'Descargar',
  downloadAll: 'Descargar todo en ZIP',
  folder: 'Carpeta',
  emptyFolder: 'No hay nada en esta carpeta.',
  folderAbove: 'Carpeta superior',
  nextPage: 'Página siguiente',
  preview: 'Vista previa',
  previewCut: 'Esto es el principio. La descarga lo contiene todo.',
  countOfFiles: (count) => `${count} archivos`,
  password: 'Contraseña',
  passwordAsked: 'Se abre con una contraseña, que conoce quien se lo envió.',
  open: 'Abrir',
  wrongPassword:
    'Esa no es la contraseña. Inténtelo de nuevo, o pregunte a quien le envió la dirección.',
  chooseFiles: 'Elegir archivos',
  send: 'Enviar',
  sending: 'Enviando',
  connectionLost: 'Se perdió la conexión. Envíelo otra vez: continúa donde estaba.',
  sendMore: 'Enviar más',
  largest: 'Archivo más grande',
  smallest: 'Archivo más pequeño',
  typesTaken: 'Tipos aceptados',
  filesTaken: 'Archivos que aún se aceptan',
  arrived: 'Estos archivos han llegado',
  beingChecked: 'en revisión',
  checkedFirst:
    'Lo que está en revisión llega al destinatario en cuanto la revisión termina sin encontrar nada. No tiene que hacer nada más.',
  notTaken: 'Esto no se aceptó',
  stories: {
    unknown: {
      title: 'No hay nada en esta dirección',
      text: 'Puede que falte una parte o que haya cambiado por el camino. Copie la dirección completa, o pregunte a quien se la envió.',
    },
    revoked: {
      title: 'Este enlace se ha terminado',
      text: `Alguien responsable lo ha terminado, o lo que compartía ya no existe. ${ASK_AGAIN}`,
    },
    paused: {
      title: 'Este enlace está en pausa',
      text: 'Algo en él parecía incorrecto, y alguien responsable tiene que revisarlo antes. Vuelva más tarde, o pregunte a quien se lo envió.',
    },
    usedUp: {
      title: 'Este enlace ya se ha usado',
      text: `Se hizo para un número limitado de usos, y no queda ninguno. ${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: 'Este enlace ha caducado',
      text: `Funcionó hasta el ${at}. ${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: 'Este enlace aún no funciona',
      text: `Funciona a partir del ${at}. Vuelva entonces.`,
    }),
    network: (address) => ({
      title: 'Este enlace no funciona desde su red',
      text: `Se hizo para otra, y usted viene de ${address}. Ábralo desde ella, o pida uno que funcione aquí.`,
    }),
    policy: {
      title: 'Aquí no está permitido',
      text: `Las reglas de la carpeta han cambiado desde que se compartió. ${ASK_AGAIN}`,
    },
    gone: {
      title: 'Este archivo ya no está',
      text: 'Se borró, se movió o cambió de nombre. Vuelva atrás y mire de nuevo, o pregunte a quien lo compartió.',
    },
    tooFast: (seconds) => ({
      title: 'Demasiados intentos',
      text: `Espere ${seconds} segundos e inténtelo de nuevo.`,
    }),
    foreignForm: {
      title: 'Este formulario viene de otra página',
      text: 'Abra la dirección que recibió, y use la página que muestra.',
    },
    tooLarge: (most) => ({
      title: 'El archivo es demasiado grande',
      text: `Aquí se aceptan como máximo ${most}. Redúzcalo, o pregunte a quien le envió la dirección.`,
    }),
    tooSmall: (least) => ({
      title: 'El archivo es demasiado pequeño',
      text: `Aquí se esperan al menos ${least}. ¿Era el archivo correcto?`,
    }),
    typeRefused: (types) => ({
      title: 'Aquí no se acepta este tipo de archivo',
      text: `Se acepta: ${types}.`,
    }),
    contradicted: {
      title: 'El archivo no es lo que dice ser',
      text: 'Su contenido es de otro tipo que el que dicen su nombre o su tipo. Revise el archivo y envíelo de nuevo con el nombre correcto.',
    },
    noRoom: {
      title: 'No queda sitio',
      text: 'La carpeta está llena. Avise a quien le pidió el archivo.',
    },
    nothingSent: {
      title: 'No se eligió ningún archivo',
      text: 'Vuelva atrás, elija al menos un archivo y envíelo.',
    },
    nameRefused: {
      title: 'El archivo no se puede aceptar con su nombre',
      text: 'Es demasiado largo, o tiene caracteres que ningún archivo puede tener. Cámbielo y envíelo de nuevo.',
    },
    tooMany: (most) => ({
      title: 'Es demasiado para un archivo ZIP',
      text: `Aquí un ZIP contiene como máximo ${most} archivos. Abra una de sus carpetas, o descargue archivos sueltos.`,
    }),
    notTaken: {
      title: 'El archivo no se aceptó',
      text: 'Algo lo impidió. Envíelo de nuevo.',
    },
    broken: { title: 'Algo ha fallado', text: 'Inténtelo de nuevo dentro de un momento.' },
    misunderstood: {
      title: 'Esto no se ha entendido',
      text: 'Abra la dirección que recibió, y use la página que muestra.',
    },
  },
}
