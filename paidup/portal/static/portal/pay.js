// The amount follows the invoices chosen; the button and the vendor's frame follow the amount. The frame also follows
// by what all the chosen ones may be paid.
const form = document.querySelector("[data-pay]");
const amount = form.elements.amount;
const button = form.querySelector("[type=submit]");
const frame = document.getElementById(form.dataset.hostedFormFor);
const boxes = [...form.querySelectorAll("[data-open]")];
const save = form.elements.save;
const permission = form.querySelector("[data-when-saved]");

const language = document.documentElement.lang;
const money = new Intl.NumberFormat(language, { style: "currency", currency: form.dataset.currency });
const { maximumFractionDigits: decimals } = money.resolvedOptions();
const plain = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
const signOf = (type) => plain.formatToParts(12345.6).find((part) => part.type === type)?.value ?? "";
const [group, point] = [signOf("group"), signOf("decimal")];
const most = () =>
  boxes.length ? boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.open), 0) : limit;
const limit = read();

function read() {
  const digits = amount.value.replace(/[^\d.,٫٬’'-]/g, "");
  return Number((group ? digits.replaceAll(group.trim() || " ", "") : digits).replace(point, ".")) || 0;
}

function common() {
  const ways = boxes.filter((box) => box.checked).map((box) => box.dataset.kinds.split(","));
  return ways.length ? ways[0].filter((kind) => ways.every((others) => others.includes(kind))) : null;
}

function tell(message) {
  frame.contentWindow.postMessage(message, new URL(frame.src, location.href).origin);
}

function follow() {
  const value = read();
  const shown = money.format(value);
  const kinds = common();
  const apart = kinds?.length === 0 ? form.dataset.apart : "";
  const tooMuch = value > most() + 10 ** -decimals / 2;
  button.textContent = form.dataset.verb.replace("{amount}", shown);
  amount.setCustomValidity(apart || (tooMuch ? form.dataset.tooMuch.replace("{amount}", money.format(most())) : ""));
  tell({ type: "paidup:amount", shown });
  if (kinds) tell({ type: "paidup:kinds", kinds });
}

function choose() {
  amount.value = plain.format(most());
  follow();
}

function permit() {
  if (!save) return; // nothing of it may be kept
  permission.hidden = !save.checked;
  form.elements.name.required = save.checked;
}

amount.addEventListener("input", follow);
for (const box of boxes) box.addEventListener("change", choose);
save?.addEventListener("change", permit);
frame.addEventListener("load", follow);
addEventListener("pageshow", () => {
  follow();
  permit();
});
