/** What a browser has for recording a voice. */

/** As much as a voice needs. */
const BITS_PER_SECOND = 32_000
/** From where on somebody is loud: speech is a twentieth of what a microphone can hear, or less. */
const LOUD = 0.1

/** @type {import("../recording.js").Means} */
export const MICROPHONE = {
  listen: () => navigator.mediaDevices.getUserMedia({audio: {echoCancellation: true, noiseSuppression: true, autoGainControl: true}}),
  record: (stream, mimeType) => new MediaRecorder(stream, {mimeType, audioBitsPerSecond: BITS_PER_SECOND}),
  measure,
  now: () => performance.now(),
  every(act, ms) {
    const timer = setInterval(act, ms)
    return () => clearInterval(timer)
  },
}

/** @param {MediaStream} stream */
function measure(stream) {
  const audio = new AudioContext()
  const analyser = new AnalyserNode(audio, {fftSize: 1024})
  const samples = new Float32Array(analyser.fftSize)
  audio.createMediaStreamSource(stream).connect(analyser)
  audio.resume().catch(() => {})
  return {
    level() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length
      return Math.min(1, Math.sqrt(Math.sqrt(power) / LOUD))
    },
    close: () => void audio.close().catch(() => {}),
  }
}
