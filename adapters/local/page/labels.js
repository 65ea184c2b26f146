// The words on the buttons that the guided steps look for, as the cards say them in English and in Welsh.
// When a card's wording changes, change it here and nowhere else on the page.

export const LABELS = {
  send: ["Send", "Anfon", "Send it", "Ask it"],
  answer: ["Answer", "Ateb"],
  sendAnswer: ["Send answer", "Send my answer", "Send", "Answer", "Submit", "Anfon"],
  sendAsAnswer: ["Send as my answer", "Send this as your answer", "Anfon fel fy ateb"],
  accept: ["This answers it", "Mae hyn yn ateb"],
};

export const QUESTION = "How do you hand a caller over to another department’s helpline without making them start again?";

export const ANSWER =
  "We agreed one page with the other helpline: what we have already checked, what the caller needs next, and a number they can quote. " +
  "The second team opens with that number. I can share our page.";
