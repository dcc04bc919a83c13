/** Counts consecutive numbers, and finds those that are missing, repeated or out of order, from nothing but the numbers. */
class Tally {
  received = 0; // different numbers
  lost = 0;
  repeated = 0;
  disordered = 0;

  #highest;
  #gaps = []; // [first, last] of each run of missing numbers

  add(number) {
    if (this.#highest === undefined || number > this.#highest) this.#advance(number);
    else if (this.#gaps.some(([first, last]) => first <= number && number <= last)) this.disordered++;
    else this.repeated++;
  }

  #advance(number) {
    const next = this.#highest === undefined ? number : this.#highest + 1;
    if (number > next) this.#gaps.push([next, number - 1]);
    this.lost += number - next;
    this.received++;
    this.#highest = number;
  }
}
