/** What is said around a toast. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {toast_close: "Put this away"},
  es: {toast_close: "Quitar este aviso"},
  pt: {toast_close: "Tirar este aviso"},
}
