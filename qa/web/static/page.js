// Buttons that copy a citation or a quotation into a letter; Enter that asks. Without this file every page is complete.
"use strict";

let waiting;
const status = document.getElementById("copied");

// A paragraph as the program prints it: its list items a line each, with their letters or bullets.
function linesOf(element, depth = 0) {
  return [...element.children].flatMap((child) => {
    if (child.matches("p")) return [child.textContent];
    if (child.matches("ul")) return linesOf(child, depth + 1);
    if (!child.matches("li")) return [];
    const letter = child.querySelector(":scope > .letter");
    const mark = letter ? letter.textContent : "•";
    const text = child.querySelector(":scope > span:not(.letter)").textContent;
    return ["  ".repeat(depth) + mark + " " + text, ...linesOf(child, depth)];
  });
}

function quotationIn(place) {
  return "“" + linesOf(place.querySelector(".text")).join("\n") + "”";
}

async function copy(text) {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // A page that comes unencrypted from another machine has no such clipboard.
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("refused");
}

function button(name, of, textFor, cite) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "quiet";
  made.textContent = name;
  const hidden = document.createElement("span");
  hidden.className = "unseen";
  hidden.textContent = of;
  made.append(hidden);
  made.addEventListener("click", async () => {
    try {
      await copy(textFor());
      made.dataset.said = "✓ Copied";
    } catch {
      made.dataset.said = "Copying failed. Select the text instead";
      cite.querySelector(".letter-text").textContent = textFor();
      cite.hidden = false;
      cite.open = true;
    }
    made.focus();
    status.textContent = "";
    await null; // so that the same words are told again
    status.textContent = made.dataset.said.replace("✓ ", "") + ".";
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      for (const other of document.querySelectorAll("[data-said]")) delete other.dataset.said;
      status.textContent = "";
    }, 3000);
  });
  return made;
}

for (const cite of document.querySelectorAll("details.cite")) {
  const citation = cite.querySelector(".cited").textContent;
  const of = cite.querySelector("summary .unseen").textContent;
  const full = cite.querySelector(".cited-full")?.textContent;
  const quotation = cite.querySelector(".quotation")?.textContent;
  const place = cite.closest(".paragraph, .summary");
  const buttons = document.createElement("p");
  buttons.className = "copying";
  buttons.append(
    button("Copy citation", of, () => citation, cite),
    button("Copy quotation", of, () => (quotation ?? quotationIn(place)) + "\n" + citation, cite),
  );
  if (full) {
    buttons.append(button("Copy with full citation", of, () => quotation + "\n" + full, cite));
  }
  // Among results the buttons are what one wants; in a decision they would be too many.
  if (place) {
    cite.append(buttons);
  } else {
    cite.before(buttons);
    cite.hidden = true;
  }
}

// A generated text, sentence by sentence as it is written; the page without this file comes when all of it is.
document.querySelector("form.generate")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const address = form.getAttribute("action").split("#")[0] + "?" + new URLSearchParams(new FormData(form));
  const section = document.createElement("section");
  section.className = "generated";
  section.setAttribute("aria-labelledby", "generated");
  section.innerHTML =
    '<h2 id="generated" tabindex="-1">Written by a language model</h2>' +
    '<div role="status" aria-atomic="false" aria-busy="true"><p>Being written …</p></div>';
  const [heading, text] = section.children;
  (form.closest(".generated") ?? form).replaceWith(section);
  heading.focus();
  const events = new EventSource(address);
  function end(markup) {
    events.close(); // or it would ask again and again
    const wasWithin = text.contains(document.activeElement);
    text.innerHTML = markup;
    text.ariaBusy = "false";
    if (wasWithin) heading.focus();
  }
  events.addEventListener("sentence", (sentence) => {
    text.lastElementChild.insertAdjacentHTML("beforebegin", sentence.data);
  });
  events.addEventListener("whole", (whole) => end(whole.data));
  for (const failed of ["problem", "error"]) {
    events.addEventListener(failed, () => {
      end("<p>Something went wrong, and no text was written. Try again.</p>");
      section.append(form);
    });
  }
});

document.getElementById("question")?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.getElementById("problem")?.focus();
