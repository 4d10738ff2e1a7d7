import type { Messages } from './messages.ts'

const ASK_AGAIN = 'Demandez-en un nouveau à la personne qui vous l’a envoyé.'

export const fr: Messages = {
  language: 'fr',
  fileShared: 'Un fichier est partagé avec vous',
  folderShared: 'Un dossier est partagé avec vous',
  dropShared: 'On vous demande des fichiers',
  openToSee: 'Ouvrez cette adresse dans un navigateur pour le voir.',
  from: 'De',
  type: 'Type',
  size: 'Taille',
  until: 'Jusqu’au',
  usesLeft: 'Téléchargements restants',
  name: 'Nom',
  changed: 'Modifié',
  contents: 'Contenu',
  download: 'Télécharger',
  downloadAll: 'Tout télécharger en ZIP',
  folder: 'Dossier',
  emptyFolder: 'Ce dossier est vide.',
  folderAbove: 'Dossier parent',
  nextPage: 'Page suivante',
  preview: 'Aperçu',
  previewCut: 'Ceci est le début. Le téléchargement contient tout.',
  countOfFiles: (count) => `${count} fichiers`,
  password: 'Mot de passe',
  passwordAsked:
    'Ce partage s’ouvre avec un mot de passe, que connaît la personne qui vous l’a envoyé.',
  open: 'Ouvrir',
  wrongPassword:
    'Ce n’est pas le mot de passe. Réessayez, ou demandez-le à la personne qui vous a envoyé l’adresse.',
  chooseFiles: 'Choisir des fichiers',
  send: 'Envoyer',
  sending: 'Envoi en cours',
  connectionLost: 'La connexion a été perdue. Renvoyez : l’envoi reprend là où il en était.',
  sendMore: 'Envoyer d’autres fichiers',
  largest: 'Fichier le plus grand',
  smallest: 'Fichier le plus petit',
  typesTaken: 'Types acceptés',
  filesTaken: 'Fichiers encore acceptés',
  arrived: 'Ces fichiers sont arrivés',
  beingChecked: 'en cours de contrôle',
  checkedFirst:
    'Ce qui est en cours de contrôle parvient au destinataire dès que le contrôle est terminé et n’a rien trouvé. Vous n’avez rien d’autre à faire.',
  notTaken: 'Ceci n’a pas été accepté',
  stories: {
    unknown: {
      title: 'Il n’y a rien à cette adresse',
      text: 'Il en manque peut-être une partie, ou elle a changé en route. Copiez l’adresse entière, ou demandez à la personne qui vous l’a envoyée.',
    },
    revoked: {
      title: 'Ce partage a pris fin',
      text: `Une personne responsable y a mis fin, ou ce qu’il partageait n’existe plus. ${ASK_AGAIN}`,
    },
    paused: {
      title: 'Ce partage est suspendu',
      text: 'Quelque chose semblait anormal, et une personne responsable doit d’abord vérifier. Revenez plus tard, ou demandez à la personne qui vous l’a envoyé.',
    },
    usedUp: {
      title: 'Ce partage a été utilisé',
      text: `Il était prévu pour un nombre limité d’utilisations, et il n’en reste plus. ${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: 'Ce partage a expiré',
      text: `Il fonctionnait jusqu’au ${at}. ${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: 'Ce partage ne fonctionne pas encore',
      text: `Il fonctionnera à partir du ${at}. Revenez à ce moment-là.`,
    }),
    network: (address) => ({
      title: 'Ce partage ne fonctionne pas depuis votre réseau',
      text: `Il a été fait pour un autre réseau, et vous venez de ${address}. Ouvrez-le depuis celui-là, ou demandez-en un qui fonctionne ici.`,
    }),
    policy: {
      title: 'Ceci n’est pas permis ici',
      text: `Les règles du dossier ont changé depuis le partage. ${ASK_AGAIN}`,
    },
    gone: {
      title: 'Ce fichier n’est plus là',
      text: 'Il a été supprimé, déplacé ou renommé. Revenez en arrière et regardez de nouveau, ou demandez à la personne qui l’a partagé.',
    },
    tooFast: (seconds) => ({
      title: 'Trop d’essais',
      text: `Attendez ${seconds} secondes, puis réessayez.`,
    }),
    foreignForm: {
      title: 'Ce formulaire vient d’une autre page',
      text: 'Ouvrez l’adresse que vous avez reçue, et utilisez la page qu’elle montre.',
    },
    tooLarge: (most) => ({
      title: 'Le fichier est trop grand',
      text: `Ici, ${most} au plus sont acceptés. Réduisez-le, ou demandez à la personne qui vous a envoyé l’adresse.`,
    }),
    tooSmall: (least) => ({
      title: 'Le fichier est trop petit',
      text: `Ici, ${least} au moins sont attendus. Était-ce le bon fichier ?`,
    }),
    typeRefused: (types) => ({
      title: 'Ce type de fichier n’est pas accepté ici',
      text: `Sont acceptés : ${types}.`,
    }),
    contradicted: {
      title: 'Le fichier n’est pas ce qu’il prétend être',
      text: 'Son contenu est d’un autre type que ne le disent son nom ou son type. Vérifiez le fichier, et envoyez-le de nouveau sous le bon nom.',
    },
    noRoom: {
      title: 'Il n’y a plus de place',
      text: 'Le dossier est plein. Prévenez la personne qui vous a demandé le fichier.',
    },
    nothingSent: {
      title: 'Aucun fichier n’a été choisi',
      text: 'Revenez en arrière, choisissez au moins un fichier, et envoyez-le.',
    },
    nameRefused: {
      title: 'Le fichier ne peut pas être accepté sous son nom',
      text: 'Ce nom est trop long, ou contient des caractères qu’aucun fichier ne peut avoir. Renommez-le, et envoyez-le de nouveau.',
    },
    tooMany: (most) => ({
      title: 'C’est trop pour une archive',
      text: `Un ZIP contient ici ${most} fichiers au plus. Ouvrez un de ses dossiers, ou téléchargez des fichiers un par un.`,
    }),
    notTaken: {
      title: 'Le fichier n’a pas été accepté',
      text: 'Quelque chose l’en a empêché. Envoyez-le de nouveau.',
    },
    broken: { title: 'Quelque chose s’est mal passé', text: 'Réessayez dans un instant.' },
    misunderstood: {
      title: 'Ceci n’a pas été compris',
      text: 'Ouvrez l’adresse que vous avez reçue, et utilisez la page qu’elle montre.',
    },
  },
}
