'use strict';
// One pair of caches at a time; without this script all pairs stand below each other.
document.documentElement.classList.add('js');
const choice = document.getElementById('pair');
if (choice) {
  const pairs = document.querySelectorAll('.pair');
  choice.addEventListener('change', () => pairs.forEach((pair, i) => pair.classList.toggle('shown', i === Number(choice.value))));
}
