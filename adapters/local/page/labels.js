// The words on the buttons that the guided steps look for, as the cards say them to Amira and Gareth, who read English.
// When a card's wording changes, change it here and nowhere else on the page.

export const LABELS = {
  send: "Send",
  answer: "Answer",
  accept: "This answers it",
};

export const QUESTION = "How do you hand a caller over to another department’s helpline without making them start again?";

export const ANSWER =
  "We agreed one page with the other helpline: what we have already checked, what the caller needs next, and a number they can quote. " +
  "The second team opens with that number. I can share our page.";
