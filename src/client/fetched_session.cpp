#include <stripe_return/client/session_client.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// What the decision cannot see in the session.
order_outcome explain(const fetched_session& fetched, order_outcome outcome) {
  if (fetched.clock == clock_source::local) outcome = outcome.with(reason::local_clock);
  if (!fetched.payment_intent_permitted) {
    outcome = outcome.with(reason::payment_intent_not_permitted);
  }
  return outcome;
}

} // namespace

order_outcome decide(const fetched_session& fetched, const expected_order& expected,
                     decide_options options) {
  options.clock = fetched.clock;
  return explain(fetched, decide(fetched.session, expected, fetched.time, options));
}

order_outcome decide(const fetched_session& fetched, decide_options options) {
  options.clock = fetched.clock;
  return explain(fetched, decide(fetched.session, fetched.time, options));
}

} // namespace v0
} // namespace stripe_return
