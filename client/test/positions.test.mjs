import assert from 'node:assert/strict';
import test from 'node:test';
import {Positions} from '../../target/client/modules/positions.js';
import {random} from './world.mjs';

test('an event is new if it moves any channel', () => {
  const positions = new Positions('a=x-4,b=y-9');
  assert.equal(positions.advance('a=x-4,b=y-10'), true);
  assert.equal(positions.advance('a=x-4,b=y-10'), false);
  assert.equal(positions.advance('a=x-5,b=y-1'), true);
  assert.equal(positions.advance('c=z-1'), true);
  assert.equal(String(positions), 'a=x-5,b=y-10,c=z-1');
});

test('an event of another epoch is new, unless it is before the first', () => {
  const positions = new Positions('a=x-4');
  assert.equal(positions.advance('a=y-0'), false);
  assert.equal(positions.advance('a=y-1'), true);
});

test('an unknown form holds back only its own repetition', () => {
  const positions = new Positions('a=x-4');
  assert.equal(positions.advance('kick-1'), true);
  assert.equal(positions.advance('kick-1'), false);
  assert.equal(positions.advance('kick-2'), true);
  assert.equal(positions.advance('=x-1,a=x-1-1,a=x-y,a,a=X-1,a=x-1234567890123456789'), true);
  assert.equal(String(positions), 'a=x-4');
});

test('an event without an id is always new', () => {
  const positions = new Positions();
  assert.equal(positions.advance(undefined), true);
  assert.equal(positions.advance(undefined), true);
});

test('agrees with a model that counts with integers of any size', () => {
  for (let seed = 1; seed <= 5_000; seed++) {
    const next = random(seed);
    const pick = count => Math.floor(next() * count);
    const known = new Map();
    const positions = new Positions();
    for (let step = 0; step < 20; step++) {
      const id = ['a', 'b%2C', 'c'].slice(0, 1 + pick(3)).map(name => {
        const sequence = 10n ** BigInt(pick(18)) + BigInt(pick(3)) - 1n;
        return [name, pick(9) ? 'x' : 'y', sequence];
      });
      let isNew = false;
      for (const [name, epoch, sequence] of id) {
        const [knownEpoch, knownSequence] = known.get(name) ?? ['', -1n];
        if (knownEpoch === '' || (epoch === knownEpoch ? sequence > knownSequence : sequence > 0n)) {
          known.set(name, [epoch, sequence]);
          isNew = true;
        }
      }
      const wire = id.map(([name, epoch, sequence]) => `${name}=${epoch}-${sequence}`).join();
      assert.equal(positions.advance(wire), isNew, `seed ${seed}: ${wire}`);
    }
    assert.equal(String(positions), [...known].map(([name, [epoch, sequence]]) => `${name}=${epoch}-${sequence}`).join());
  }
});

test('counts how many events were lost, as far as ids show', () => {
  assert.equal(new Positions('a=x-4,b%2C=x-4,c=x-1').lostUntil(new Positions('a=x-10,b%2C=x-6,c=y-1,d=x-9')), 8);
  assert.equal(new Positions('a=x-4').lostUntil(new Positions('a=y-10')), 0);
  assert.equal(new Positions().lostUntil(new Positions('a=x-1')), 0);
});

test('forgets a channel by its name', () => {
  const positions = new Positions('a=x-4,b%2C%E6%97%A5=y-9');
  positions.forget(['b,日']);
  assert.equal(String(positions), 'a=x-4');
});

/** The positions after a reset of the channel `a`. */
function reset(positions, id) {
  const kept = positions.movedTo('');
  kept.forget(['a'], true);
  return kept.movedTo(id);
}

test('late events of a lost log are repeats, and those of the next log are new', () => {
  const positions = reset(new Positions('a=x-4,b=x-7'), 'a=0-0,b=x-7');
  assert.equal(positions.advance('a=x-1,b=x-7'), false);
  assert.equal(positions.advance('a=x-9,b=x-7'), false);
  assert.equal(positions.advance('a=y-1,b=x-8'), true);
  assert.equal(positions.advance('a=x-5,b=x-8'), false);
  assert.equal(String(positions), 'b=x-8,a=y-1');
  assert.equal(positions.movedTo('').advance('a=x-5'), false);
});

test('a log that was trimmed, or has come back, is not lost', () => {
  const trimmed = reset(new Positions('a=x-4'), 'a=x-9');
  assert.equal(trimmed.advance('a=x-10'), true);
  const other = reset(trimmed, 'a=y-1');
  assert.equal(other.advance('a=x-11'), false);
  assert.equal(reset(other, 'a=x-10').advance('a=x-11'), true);
});

test('a page may go back to a log that was lost', () => {
  assert.equal(reset(new Positions('a=x-4'), 'a=y-1').movedTo('a=x-2').advance('a=x-3'), true);
});
