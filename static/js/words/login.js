/** What is said where people sign in. @type {Record<string, import("../words.js").Dictionary>} */
export default {
  en: {
    username: "Username",
    password: "Password",
    login_lead: "Continue to your conversations",
    login_wrong: "That username and password do not match. Check both and try again.",
    login_too_fast: "Too many attempts. Wait a few minutes and try again.",
    login_once: "Signing you in",
  },
  es: {
    username: "Usuario",
    password: "Contraseña",
    login_lead: "Sigue con tus conversaciones",
    login_wrong: "El usuario y la contraseña no coinciden. Revísalos e inténtalo de nuevo.",
    login_too_fast: "Demasiados intentos. Espera unos minutos y vuelve a probar.",
    login_once: "Iniciando sesión",
  },
  pt: {
    username: "Usuário",
    password: "Senha",
    login_lead: "Continue suas conversas",
    login_wrong: "Usuário e senha não conferem. Verifique os dois e tente de novo.",
    login_too_fast: "Tentativas demais. Espere alguns minutos e tente de novo.",
    login_once: "Entrando",
  },
}
