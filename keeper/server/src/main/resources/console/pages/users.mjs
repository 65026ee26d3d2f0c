// Who may use the console.
import {get, post, remove} from '../js/api.mjs';
import {h, put, when} from '../js/dom.mjs';
import {ask, attempt, badge, button, card, choice, field, form, head, id, show as load, table, text, toast} from '../js/ui.mjs';

const ROLES = [['viewer', 'viewer: looks'], ['operator', 'operator: kicks, drains, steers'], ['owner', 'owner: everything']];

export function show(root, {me}) {
  const list = h('div', {});
  const open = () => load(list, get('/api/users'), (answer) => table([
    {label: 'Name', cell: (user) => [h('strong', {class: 'unbroken'}, user.name), user.name === me.user ? h('span', {class: 'muted'}, ' (you)') : null]},
    {label: 'Role', cell: (user) => badge(user.role, {owner: 'info', operator: 'ok'}[user.role])},
    {label: 'Changed', class: 'fixed', cell: (user) => when(user.changed_ms)},
    {label: '', cell: (user) => user.name === me.user ? null : h('div', {class: 'acts'}, button('Change role', () => role(user, open), 'small'), button('Change password', () => password(user, open), 'small'), button('Remove', () => drop(user, open), 'small danger'))},
  ], answer.users, 'There is no user.', 'Users'));
  put(root, head('Users'), card(null, list), card('New user', form([field('Name', text('name', '', {autocapitalize: 'none'}), 'a-z, 0-9, . _ -'), field('Role', choice('role', ROLES, 'viewer')),
    field('Password', h('input', {name: 'password', type: 'password', autocomplete: 'new-password'}), '12 characters or more')], 'Add user', async (values) => {
    await post('/api/users', {name: values.name.trim(), role: values.role, password: values.password});
    toast(`${values.name.trim()} may sign in`);
    root.querySelector('form').reset();
    open();
  }, 'form-line')));
  open();
}

async function role(user, open) {
  const values = await ask(['Role of ', id(user.name)], 'Anyone signed in under this name is signed out.', [field('Role', choice('role', ROLES, user.role))], 'Change it', 'primary');
  if (values) {
    await attempt(() => post('/api/users/' + user.name, {role: values.role}), `Role of ${user.name} changed to ${values.role}`);
    open();
  }
}

async function password(user, open) {
  const values = await ask(['Password of ', id(user.name)], 'Anyone signed in under this name is signed out.', [field('New password', h('input', {name: 'password', type: 'password', autocomplete: 'new-password'}), '12 characters or more')], 'Change it', 'primary');
  if (values) {
    await attempt(() => post('/api/users/' + user.name, {password: values.password}), `Password of ${user.name} changed`);
    open();
  }
}

async function drop(user, open) {
  if (await ask(['Remove ', id(user.name)], 'The name may not sign in any more, at once.', [], 'Remove')) {
    await attempt(() => remove('/api/users/' + user.name), `User ${user.name} removed`);
    open();
  }
}
