/**
 * What the demo key says, in the language of the page that asks for it.
 */
/* global document */

const languages = {
  en: {
    title: 'Demo key',
    toy: 'A toy in place of a security key that you touch. It keeps no secrets, and what you make with it lives in this browser only.',
    use: (username) => `Use ${username}’s demo key`,
    make: (username) => `Make a demo key for ${username}`,
    real: 'Use your real key or this device',
    cancel: 'Cancel',
  },
  de: {
    title: 'Demo-Schlüssel',
    toy: 'Ein Spielzeug anstelle eines Sicherheitsschlüssels zum Berühren. Es bewahrt keine Geheimnisse, und was Sie damit anlegen, gibt es nur in diesem Browser.',
    use: (username) => `Demo-Schlüssel von ${username} benutzen`,
    make: (username) => `Demo-Schlüssel für ${username} anlegen`,
    real: 'Echten Schlüssel oder dieses Gerät benutzen',
    cancel: 'Abbrechen',
  },
  fr: {
    title: 'Clé de démonstration',
    toy: 'Un jouet à la place d’une clé de sécurité que l’on touche. Il ne garde aucun secret, et ce que vous créez avec lui n’existe que dans ce navigateur.',
    use: (username) => `Utiliser la clé de démonstration de ${username}`,
    make: (username) => `Créer une clé de démonstration pour ${username}`,
    real: 'Utiliser votre vraie clé ou cet appareil',
    cancel: 'Annuler',
  },
};

const { lang } = document.documentElement;
export const language = Object.hasOwn(languages, lang) ? lang : 'en';
export const words = languages[language];
