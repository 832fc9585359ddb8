// Three questions. Each changes the state and reads the answer off the two models.

const questions = [
  {
    ask: () =>
      `Will ten times the learning rate end at a lower cost after ${count(model.epochs, "epoch")}?`,
    options: ["Lower", "Higher", "It overflows"],
    act: () => change({ lr: Number((state.lr * 10).toPrecision(6)), epoch: state.epochs }),
    answer(before, after) {
      const ends = [before, after].map((m) => m.run.costs[m.run.last]);
      const [from, to] = [before, after].map((m) => rateText(m.lr));
      if (after.run.overflow !== null)
        return [2, `At ${to} the run overflows in epoch ${after.run.overflow}.`];
      const lower = before.run.overflow !== null || ends[1] < ends[0];
      const first =
        before.run.overflow === null
          ? `ended at ${costText(ends[0], before.frame.leastCost)}`
          : "overflowed";
      let words = `At ${to} the run ends at cost ${costText(ends[1], after.frame.leastCost)}; at ${from} it ${first}.`;
      if (before.limit && after.limit && !after.shuffled)
        words += ` The line that SGD converges to costs ${costText(after.limitCost, after.frame.leastCost)} at ${to} and ${costText(before.limitCost, before.frame.leastCost)} at ${from}. ${speeds(before, after)}`;
      return [lower ? 0 : 1, words];
    },
  },
  {
    ask: () => "Where does the fitted line go at the last point if that point is dragged far down?",
    options: ["Down", "Up", "It hardly moves"],
    act() {
      const { frame } = model;
      const [low, high] = extent(frame.ys);
      chosen = frame.n - 1;
      state.epoch = state.epochs;
      movePoint(
        frame.n - 1,
        Number((frame.ys[frame.n - 1] - (high - low || 1)).toPrecision(6)),
        true,
      );
    },
    answer(before, after) {
      const i = before.frame.n - 1;
      const x = before.frame.xs[i];
      const moved = heightAt(after.frame, after.line, x) - heightAt(before.frame, endOf(before), x);
      const down = before.frame.ys[i] - after.frame.ys[i];
      const least = heightAt(after.frame, after.least, x) - heightAt(before.frame, before.least, x);
      const side = (change_) => `${four(Math.abs(change_), 2)} ${change_ < 0 ? "down" : "up"}`;
      const words = `The point went ${four(down, 3)} down, the fitted line there ${side(moved)}, and the least-squares line ${side(least)}. Large errors count most, because they are squared.`;
      return [Math.abs(moved) < 0.01 * down ? 2 : moved < 0 ? 0 : 1, words];
    },
  },
  {
    // Of data that come standardized, what they would be without that.
    ask: () =>
      given.standardized
        ? "What becomes of the valley in the plane of W and b if x is not standardized?"
        : "What does standardizing x do to the valley in the plane of W and b?",
    options: ["It becomes round", "It becomes longer and narrower", "It keeps its shape"],
    act: () => change({ standardized: !given.standardized, spoils: [] }),
    answer(before, after) {
      const [from, to] = [given.standardized, !given.standardized].map((standardized) =>
        conditionNumber(frameOf(state, standardized)),
      );
      const shape = Math.abs(from / to - 1) < 0.01 ? 2 : to < from ? 0 : 1;
      const words = `Its condition number goes from ${four(from, 3)} to ${four(to, 3)} (1 is round), and the safe limit from ${below(before.rates.safe)} to ${below(after.rates.safe)}. ${speeds(before, after)}`;
      return [shape, words];
    },
  },
];

const endOf = (m) => [m.run.weights[m.run.last], m.run.biases[m.run.last]];

/** How many epochs two runs need, where that can be said. */
function speeds(before, after) {
  const [first, second] = [before, after].map((m) =>
    m.limit && !m.shuffled ? epochsUntil(m.frame, m.map, m.limit, offsetOf(m.frame, m.start)) : NaN,
  );
  if (!(first > 0) || !(second > 0)) return "";
  const rate = before.lr === after.lr ? ` at rate ${rateText(after.lr)}` : "";
  return `The run is within 1% of the line it converges to after ${count(second, "epoch")}${rate}; before, it took ${count(first, "epoch")}.`;
}

function askQuestions() {
  const made = questions.map((question, q) => {
    const card = document.createElement("form");
    card.className = "question";
    const choices = question.options.map(
      (option, k) =>
        `<label><input type="radio" name="answer-${q}" value="${k}"> ${escaped(option)}</label>`,
    );
    card.innerHTML = `<fieldset><legend>${escaped(question.ask())}</legend>${choices.join("")}</fieldset><div class="buttons"><button disabled>See what happens</button><button type="button">Skip the guess</button></div><output></output>`;
    const [see, skip] = card.querySelectorAll("button");
    card.addEventListener("change", () => (see.disabled = false));
    const act = (guess) => {
      pause();
      const before = { ...model, standardized: state.standardized };
      question.act();
      const [right, words] = question.answer(before, model);
      const verdict =
        guess === null
          ? ""
          : guess === right
            ? "As you predicted. "
            : `Not as predicted: ${question.options[right].toLowerCase()}. `;
      card.querySelector("output").textContent = verdict + words;
    };
    card.addEventListener("submit", (event) => {
      event.preventDefault();
      act(Number(card.querySelector("input:checked").value));
    });
    skip.addEventListener("click", () => act(null));
    return card;
  });
  document.querySelector("#questions > div").replaceChildren(...made);
}
