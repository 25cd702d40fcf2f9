/** How it was, from 1 to 5. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {
    rating_1: "Bad",
    rating_2: "Not good",
    rating_3: "Okay",
    rating_4: "Good",
    rating_5: "Excellent",
  },
  es: {
    rating_1: "Mal",
    rating_2: "Regular",
    rating_3: "Normal",
    rating_4: "Bien",
    rating_5: "Excelente",
  },
  pt: {
    rating_1: "Ruim",
    rating_2: "Não muito bom",
    rating_3: "Razoável",
    rating_4: "Bom",
    rating_5: "Excelente",
  },
}
