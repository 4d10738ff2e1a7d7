import type { Messages } from './messages.ts'

const ASK_AGAIN = 'Bitten Sie die Person, die sie Ihnen geschickt hat, um eine neue.'

export const de: Messages = {
  language: 'de',
  fileShared: 'Eine Datei wurde mit Ihnen geteilt',
  folderShared: 'Ein Ordner wurde mit Ihnen geteilt',
  dropShared: 'Sie werden um Dateien gebeten',
  openToSee: 'Öffnen Sie diese Adresse in einem Browser, um zu sehen, was es ist.',
  from: 'Von',
  type: 'Typ',
  size: 'Größe',
  until: 'Bis',
  usesLeft: 'Verbleibende Downloads',
  name: 'Name',
  changed: 'Geändert',
  contents: 'Inhalt',
  download: 'Herunterladen',
  downloadAll: 'Alles als ZIP herunterladen',
  folder: 'Ordner',
  emptyFolder: 'In diesem Ordner liegt nichts.',
  folderAbove: 'Übergeordneter Ordner',
  nextPage: 'Nächste Seite',
  preview: 'Vorschau',
  previewCut: 'Das ist der Anfang. Der Download enthält alles.',
  countOfFiles: (count) => `${count} Dateien`,
  password: 'Passwort',
  passwordAsked:
    'Die Freigabe öffnet sich mit einem Passwort. Wer Ihnen die Adresse geschickt hat, kennt es.',
  open: 'Öffnen',
  wrongPassword:
    'Das ist nicht das Passwort. Versuchen Sie es noch einmal, oder fragen Sie nach, wer Ihnen die Adresse geschickt hat.',
  chooseFiles: 'Dateien auswählen',
  send: 'Senden',
  sending: 'Wird gesendet',
  connectionLost:
    'Die Verbindung ist abgebrochen. Bitte noch einmal senden: Es geht dort weiter, wo es war.',
  sendMore: 'Weitere senden',
  largest: 'Größte Datei',
  smallest: 'Kleinste Datei',
  typesTaken: 'Angenommene Typen',
  filesTaken: 'So viele Dateien noch',
  arrived: 'Diese Dateien sind angekommen',
  beingChecked: 'wird geprüft',
  checkedFirst:
    'Was geprüft wird, erhält der Empfänger, sobald die Prüfung zu Ende ist und nichts gefunden hat. Sie müssen nichts weiter tun.',
  notTaken: 'Das wurde nicht angenommen',
  stories: {
    unknown: {
      title: 'Unter dieser Adresse gibt es nichts',
      text: 'Vielleicht fehlt ein Teil von ihr, oder sie wurde unterwegs verändert. Kopieren Sie die ganze Adresse, oder fragen Sie die Person, von der Sie sie haben.',
    },
    revoked: {
      title: 'Diese Freigabe wurde beendet',
      text: `Jemand, der dafür zuständig ist, hat sie beendet, oder was sie freigab, gibt es nicht mehr. ${ASK_AGAIN}`,
    },
    paused: {
      title: 'Diese Freigabe ruht',
      text: 'Etwas an ihr sah falsch aus, und jemand muss es sich erst ansehen. Kommen Sie später wieder, oder fragen Sie die Person, von der Sie die Adresse haben.',
    },
    usedUp: {
      title: 'Diese Freigabe ist aufgebraucht',
      text: `Sie galt für eine begrenzte Zahl von Malen, und die sind vorbei. ${ASK_AGAIN}`,
    },
    expired: (at) => ({
      title: 'Diese Freigabe ist abgelaufen',
      text: `Sie galt bis ${at}. ${ASK_AGAIN}`,
    }),
    notYet: (at) => ({
      title: 'Diese Freigabe gilt noch nicht',
      text: `Sie gilt ab ${at}. Kommen Sie dann wieder.`,
    }),
    network: (address) => ({
      title: 'Diese Freigabe gilt nicht in Ihrem Netz',
      text: `Sie wurde für ein anderes gemacht, und Sie kommen von ${address}. Öffnen Sie sie von dort, oder bitten Sie um eine, die hier gilt.`,
    }),
    policy: {
      title: 'Das ist hier nicht erlaubt',
      text: `Die Regeln des Ordners haben sich geändert, seit er freigegeben wurde. ${ASK_AGAIN}`,
    },
    gone: {
      title: 'Diese Datei gibt es nicht mehr',
      text: 'Sie wurde gelöscht, verschoben oder umbenannt. Gehen Sie zurück und sehen Sie noch einmal nach, oder fragen Sie, wer sie geteilt hat.',
    },
    tooFast: (seconds) => ({
      title: 'Zu viele Versuche',
      text: `Warten Sie ${seconds} Sekunden, und versuchen Sie es dann noch einmal.`,
    }),
    foreignForm: {
      title: 'Dieses Formular kommt von einer anderen Seite',
      text: 'Öffnen Sie die Adresse, die Sie bekommen haben, und benutzen Sie die Seite, die sie zeigt.',
    },
    tooLarge: (most) => ({
      title: 'Die Datei ist zu groß',
      text: `Hier werden höchstens ${most} angenommen. Machen Sie sie kleiner, oder fragen Sie die Person, von der Sie die Adresse haben.`,
    }),
    tooSmall: (least) => ({
      title: 'Die Datei ist zu klein',
      text: `Hier werden mindestens ${least} erwartet. War es die richtige Datei?`,
    }),
    typeRefused: (types) => ({
      title: 'Dateien dieses Typs werden hier nicht angenommen',
      text: `Angenommen wird: ${types}.`,
    }),
    contradicted: {
      title: 'Die Datei ist nicht, was sie zu sein vorgibt',
      text: 'Ihr Inhalt ist von einem anderen Typ, als ihr Name oder ihr Typ sagt. Prüfen Sie die Datei, und senden Sie sie unter dem richtigen Namen noch einmal.',
    },
    noRoom: {
      title: 'Es ist kein Platz mehr',
      text: 'Der Ordner ist voll. Sagen Sie es der Person, die Sie um die Datei gebeten hat.',
    },
    nothingSent: {
      title: 'Es wurde keine Datei ausgewählt',
      text: 'Gehen Sie zurück, wählen Sie mindestens eine Datei aus, und senden Sie sie.',
    },
    nameRefused: {
      title: 'Unter ihrem Namen kann die Datei nicht angenommen werden',
      text: 'Er ist zu lang, oder er hat Zeichen, die keine Datei haben darf. Benennen Sie sie um, und senden Sie sie noch einmal.',
    },
    tooMany: (most) => ({
      title: 'Das ist zu viel für ein Archiv',
      text: `Ein ZIP fasst hier höchstens ${most} Dateien. Öffnen Sie einen Ordner darin, oder laden Sie einzelne Dateien herunter.`,
    }),
    notTaken: {
      title: 'Die Datei wurde nicht angenommen',
      text: 'Etwas stand ihr im Weg. Senden Sie sie noch einmal.',
    },
    broken: { title: 'Etwas ist schiefgegangen', text: 'Versuchen Sie es gleich noch einmal.' },
    misunderstood: {
      title: 'Das wurde nicht verstanden',
      text: 'Öffnen Sie die Adresse, die Sie bekommen haben, und benutzen Sie die Seite, die sie zeigt.',
    },
  },
}
