// One's own password.
import {get, post, signedIn} from '../js/api.mjs';
import {h, put, when} from '../js/dom.mjs';
import {card, facts, field, form, head, toast} from '../js/ui.mjs';

export function show(root, {me}) {
  const old = h('input', {name: 'old', type: 'password', autocomplete: 'current-password'});
  const fresh = h('input', {name: 'password', type: 'password', autocomplete: 'new-password'});
  const again = h('input', {name: 'again', type: 'password', autocomplete: 'new-password'});
  put(root, head('Your password'), card(null, facts([['Name', me.user], ['Role', me.role], ['This session ends', when(me.expires_ms)]])),
    card('Change your password', form([field('Current password', old), field('New password', fresh, '12 characters or more'), field('Repeat new password', again)], 'Change password', async (values) => {
      if (values.password !== values.again) {
        throw new Error('The two new passwords differ.');
      }
      await post('/api/password', {old: values.old, password: values.password});
      signedIn(await get('/api/me'));
      for (const input of [old, fresh, again]) {
        input.value = '';
      }
      toast('Password changed; your other sessions have ended');
    })));
}
