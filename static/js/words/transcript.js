/** What is said when somebody asks for what was said. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {
    transcript_sent: "It is on its way to {email}.",
    transcript_too_often: "You have asked for it a few times. Try again later.",
    transcript_no_address: "There is no address of yours to send it to.",
    transcript_failed: "That did not work. Try again.",
  },
  es: {
    transcript_sent: "Va de camino a {email}.",
    transcript_too_often: "Ya lo has pedido varias veces. Inténtalo más tarde.",
    transcript_no_address: "No tenemos ninguna dirección tuya a la que enviarlo.",
    transcript_failed: "No ha funcionado. Inténtalo de nuevo.",
  },
  pt: {
    transcript_sent: "Está a caminho de {email}.",
    transcript_too_often: "Você já pediu algumas vezes. Tente mais tarde.",
    transcript_no_address: "Não temos um endereço seu para enviar.",
    transcript_failed: "Não funcionou. Tente de novo.",
  },
}
