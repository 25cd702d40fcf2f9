/** What is said about files, in each language: loaded with the first of them. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {
    download: "Download",
    file_failed: "Could not be downloaded. Try again.",
    pages: {one: "{count} page", other: "{count} pages"},
    close: "Close",
  },
  es: {
    download: "Descargar",
    file_failed: "No se pudo descargar. Inténtalo de nuevo.",
    pages: {one: "{count} página", other: "{count} páginas"},
    close: "Cerrar",
  },
  pt: {
    download: "Baixar",
    file_failed: "Não foi possível baixar. Tente de novo.",
    pages: {one: "{count} página", other: "{count} páginas"},
    close: "Fechar",
  },
}
