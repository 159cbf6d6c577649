// Reads QR codes with the phone's camera where the browser can (BarcodeDetector); elsewhere the
// button stays hidden, and the number is typed or read by the phone's own camera app.
const button = document.querySelector("[data-scanner]");
const field = document.querySelector("[data-scan]");

async function look(video, detector, isOn) {
  while (isOn()) {
    const codes = video.readyState >= 2 ? await detector.detect(video) : [];
    if (codes.length) return codes[0].rawValue;
    await new Promise((done) => setTimeout(done, 200));
  }
  return "";
}

async function scan() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    button.textContent = button.dataset.scannerDenied;
    button.disabled = true;
    return;
  }
  const words = button.textContent;
  const video = Object.assign(document.createElement("video"), { srcObject: stream, playsInline: true, muted: true });
  video.className = "w-100 mb-2";
  video.setAttribute("aria-label", button.dataset.scanner);
  button.before(video);
  button.textContent = button.dataset.scannerStop;
  let on = true;
  const stop = () => { on = false; };
  button.addEventListener("click", stop, { once: true });
  await video.play();
  const text = await look(video, new BarcodeDetector({ formats: ["qr_code", "code_128", "data_matrix"] }), () => on);
  stream.getTracks().forEach((track) => track.stop());
  video.remove();
  button.textContent = words;
  button.removeEventListener("click", stop);
  if (text) {
    field.value = text;
    field.form.requestSubmit();
  } else {
    arm();
  }
}

function arm() {
  button.addEventListener("click", (event) => { event.stopPropagation(); scan(); }, { once: true });
}

if (button && field && "BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  arm();
}
