// Invoices and payments, some of which fail, are corrected or are taken back.
import { changed, target } from './lines.ts';
import { CASHIERS, citizen, MANAGER, PAYMENT_GATEWAY } from './people.ts';
import { minutes } from './period.ts';
import { Story, type Telling, type Told } from './story.ts';

const PAYMENTS = 14;
/** The test number of a card scheme; the trail keeps `[REDACTED:card]` instead. */
const CARD = '4111 1111 1111 1111';

export function tellPayments(telling: Telling): readonly Told[] {
  const story = new Story('payment', telling);
  for (let n = 1; n <= PAYMENTS; n++) tellPayment(story, n);
  return story.told;
}

function tellPayment(story: Story, n: number): void {
  const { random } = story;
  const number = String(n).padStart(4, '0');
  const invoice = target('invoice', `inv-${number}`);
  const payment = { type: 'payment', id: `pay-${number}`, reference: `PAY-${number}` };
  const cents = random.int(1_500, 90_000);
  const amount = cents / 100;
  const { actor, source } = CASHIERS[n % CASHIERS.length]!;
  const at = story.working(random.int(0, story.period.days - 4));
  const common = () => ({ ...story.context('ui'), correlationId: payment.id });
  const billed = story.tell(at, {
    ...{ action: 'invoice.created', actor, source, target: invoice, context: common() },
    ...changed(null, { amount, currency: 'EUR', status: 'open' }),
  });
  const related = [invoice];
  story.tell(at + minutes(2), {
    ...{
      action: 'payment.created',
      actor,
      source,
      target: payment,
      related,
      context: { ...common(), parentId: billed },
    },
    ...changed(null, { amount, currency: 'EUR', status: 'pending' }),
  });
  const context = () => ({ ...story.context('api'), correlationId: payment.id });
  if (n % 5 === 1) {
    const payer = citizen(300 + n, n % 2 === 0 ? 'ne' : 'en');
    const metadata = { card: CARD, scheme: 'test' };
    const scene = { actor: payer.actor, source: payer.source, target: payment, metadata, context: common() };
    story.tell(at + minutes(5), { action: 'payment.card_stored', ...scene });
  }
  const failed = n % 6 === 2;
  story.tell(at + minutes(6), {
    ...{ action: 'payment.processed', ...PAYMENT_GATEWAY, target: payment, related, context: context() },
    ...{ outcome: failed ? ('failure' as const) : ('success' as const), metadata: { attempt: 1 } },
    ...changed({ status: 'pending' }, { status: failed ? 'declined' : 'paid' }),
  });
  if (failed) {
    const again = { action: 'payment.processed', ...PAYMENT_GATEWAY, target: payment, related, context: context() };
    story.tell(at + minutes(90), {
      ...again,
      ...changed({ status: 'declined' }, { status: 'paid' }),
      metadata: { attempt: 2 },
    });
  }
  if (n % 4 === 0) {
    const scene = { actor, source, target: payment, related, context: common() };
    const correction = { ...changed({ amount }, { amount: (cents - 500) / 100 }), metadata: { reason: 'reduced fee' } };
    story.tell(at + minutes(120), { action: 'payment.updated', ...scene, ...correction });
    story.tell(at + minutes(121), {
      action: 'invoice.updated',
      ...scene,
      target: invoice,
      related: [payment],
      ...correction,
    });
  }
  if (n !== PAYMENTS) return;
  const taken = { actor: MANAGER.actor, source: MANAGER.source, metadata: { reason: 'paid twice' } };
  story.tell(at + minutes(150), { action: 'payment.deleted', ...taken, target: payment, related, context: common() });
  story.tell(at + minutes(151), {
    action: 'invoice.deleted',
    ...taken,
    target: invoice,
    related: [payment],
    context: common(),
  });
}
