// A page that exists to be printed says so with one button.
document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
