// The frame: who is signed in, the menu, and the page that the address names.
import {get, post, signedIn} from './api.mjs';
import {h, put, zone} from './dom.mjs';
import {attempt, clearToasts, covers, field, form, text, toast} from './ui.mjs';

const PAGES = [
  {group: 'Platform', name: 'cluster', title: 'Cluster'},
  {group: 'Platform', name: 'rooms', title: 'Rooms'},
  {group: 'Find', name: 'message', title: 'Message'},
  {group: 'Find', name: 'device', title: 'Device'},
  {group: 'Messages', name: 'broadcasts', title: 'Broadcasts'},
  {group: 'Messages', name: 'dead-letters', title: 'Dead letters'},
  {group: 'Products', name: 'products', title: 'Products, keys'},
  {group: 'Products', name: 'bans', title: 'Bans'},
  {group: 'Operate', name: 'config', title: 'Configuration'},
  {group: 'Operate', name: 'profiles', title: 'Profiles'},
  {group: 'Operate', name: 'audit', title: 'Audit log'},
  {group: 'Operate', name: 'users', title: 'Users', role: 'owner'},
  {name: 'account', title: 'Your password'},
];

const ENDED = 'Your session has ended: its time was over, or your role or password changed. Please sign in again.';

const app = document.getElementById('app');
let me = null;
let leave = () => {};
let side;
let page;

window.addEventListener('signed-out', (event) => {
  if (me || event.detail === 'session_ended') {
    me = null;
    door(event.detail === 'session_ended' ? ENDED : '');
  }
});
window.addEventListener('hashchange', () => me && open());

start();

async function start() {
  try {
    const session = await get('/api/session');
    if (session.user) {
      me = signedIn(session);
      frame();
    } else {
      door(session.ended ? ENDED : '');
    }
  } catch (problem) {
    door(problem.message);
  }
}

function door(note) {
  leave();
  leave = () => {};
  clearToasts();
  document.title = 'Sign in - Longwire console';
  const name = text('name', '', {autocomplete: 'username', autocapitalize: 'none', required: true});
  const password = h('input', {name: 'password', type: 'password', autocomplete: 'current-password', required: true});
  put(app, h('main', {class: 'door', id: 'page'}, h('div', {class: 'card door-card'}, brand(), h('h1', {class: 'hidden'}, 'Sign in'),
    note ? h('p', {class: 'note', role: 'alert'}, note) : null,
    form([field('Name', name), field('Password', password)], 'Sign in', async (values) => {
      me = signedIn(await post('/api/sign-in', {name: values.name.trim(), password: values.password}));
      frame();
    }))));
  name.focus();
}

function brand() {
  return h('a', {class: 'brand', href: '#/cluster'}, h('img', {src: '/mark.svg', alt: '', width: 26, height: 26}), 'Longwire');
}

function frame() {
  const menu = h('button', {type: 'button', class: 'button small menu-button', 'aria-expanded': 'false', 'aria-controls': 'menu'}, 'Menu');
  side = h('header', {class: 'side'}, h('div', {class: 'side-top'}, brand(), menu), nav(), who());
  menu.addEventListener('click', () => {
    menu.setAttribute('aria-expanded', String(side.classList.toggle('open')));
  });
  side.addEventListener('click', (event) => {
    if (event.target.closest('a')) { // of the page that is open, too: the address does not change then
      closeMenu();
    }
  });
  page = h('main', {class: 'page', id: 'page', tabindex: '-1'});
  put(app, h('div', {class: 'frame'}, side, page));
  open();
}

function closeMenu() {
  side.classList.remove('open');
  side.querySelector('.menu-button').setAttribute('aria-expanded', 'false');
}

function nav() {
  const shown = PAGES.filter((entry) => entry.group && (!entry.role || covers(me, entry.role)));
  const entries = [];
  let group = '';
  for (const entry of shown) {
    if (entry.group !== group) {
      group = entry.group;
      entries.push(h('h2', {}, group));
    }
    entries.push(h('a', {href: '#/' + entry.name, 'data-page': entry.name}, entry.title));
  }
  return h('nav', {class: 'nav', id: 'menu', 'aria-label': 'Pages'}, entries);
}

function who() {
  return h('div', {class: 'who'}, h('div', {class: 'who-name'}, h('strong', {class: 'id'}, me.user), ' ', h('span', {class: 'muted'}, me.role)),
    h('div', {class: 'muted small'}, 'Times: ' + zone()),
    h('div', {class: 'who-acts'},
      h('a', {class: 'button small', href: '#/account'}, 'Change password'),
      h('button', {type: 'button', class: 'button small', onclick: turnTheme}, 'Switch theme'),
      h('button', {type: 'button', class: 'button small', onclick: signOut}, 'Sign out')));
}

function turnTheme() {
  const dark = getComputedStyle(document.documentElement).colorScheme === 'dark';
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  try {
    localStorage.setItem('theme', dark ? 'light' : 'dark');
  } catch {
    toast('This browser keeps no settings; the theme is back with the next start.');
  }
}

async function signOut() {
  if (await attempt(() => post('/api/sign-out'))) { // else the session may stand
    me = null;
    door('');
  }
}

/** The page of the address: "#/device?app=1&endpoint=ep_...". */
async function open() {
  leave();
  leave = () => {};
  const [name, query] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const entry = PAGES.find((one) => one.name === name) || PAGES[0];
  document.title = entry.title + ' - Longwire console';
  closeMenu();
  clearToasts();
  for (const link of side.querySelectorAll('[data-page]')) {
    link.toggleAttribute('aria-current', false);
    if (link.dataset.page === entry.name) {
      link.setAttribute('aria-current', 'page');
    }
  }
  const place = h('div', {'data-shown': entry.name});
  put(page, place);
  let module;
  try {
    module = await import(`../pages/${entry.name}.mjs`);
  } catch {
    put(place, h('p', {class: 'trouble', role: 'alert'}, 'The console does not answer; it may be restarting. Please reload the page.'));
    return;
  }
  if (!place.isConnected) {
    return; // the reader has gone on meanwhile
  }
  const params = Object.fromEntries(new URLSearchParams(query || ''));
  leave = module.show(place, {me, params}) || (() => {});
  window.scrollTo(0, 0);
}
