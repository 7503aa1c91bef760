#include "orders/service_state.hpp"

#include "orders/store_stamp.hpp"
#include "orders/transaction_guard.hpp"

#include <stripe_return/core/decide.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {

using orders::changed_order;
using orders::session_money;

order_service::impl::impl(const session_client& client, order_store& store, order_options given)
    : stripe(client), options(std::move(given)), repository(store), time(client.time()) {}

result<void> order_service::impl::ready() {
  if (auto refused = orders::refuse_inside_transaction()) return *std::move(refused);
  if (const auto usable = check(options); !usable) return usable.error();
  const result<livemode> mode = stripe.key_mode();
  if (!mode) return mode.error();
  if (stamped_.load() == *mode) return {};
  if (const auto stamped = orders::use_store_for(repository.store(), *mode); !stamped)
    return stamped.error();
  stamped_ = *mode;
  return {};
}

orders::circumstances order_service::impl::now() const {
  return {time.unix_time(), options.naming};
}

orders::circumstances order_service::impl::now(const observation& newest) const {
  orders::circumstances at = now();
  if (newest.clock == clock_source::stripe) at.now = newest.time;
  return at;
}

result<observation> order_service::impl::fetch(const session_id& id,
                                               const retrieve_options& how) const {
  result<observation> fetched = stripe.retrieve(id, how);
  if (!fetched) note_refusal(fetched.error());
  return fetched;
}

void order_service::impl::expire(const session_id& id, const std::string& account,
                                 call_priority priority) const {
  call_options how;
  how.account = account;
  how.priority = priority;
  const result<observation> ended = stripe.expire(id, how);
  if (!ended) note_refusal(ended.error());
}

std::string order_service::impl::account_of(const order_record& order) {
  return order.expectations.empty() ? std::string() : order.expectations.back().account;
}

std::string order_service::impl::account_of(const order_record& order,
                                            const std::string& session_id) {
  const order_session* session = orders::find_session(order, session_id);
  return session == nullptr ? account_of(order) : account_of(order, session->facts);
}

std::string order_service::impl::account_of(const order_record& order, const session_facts& facts) {
  const checkout_session session = observation_of(facts).session;
  return session.account.empty() && !session.of_own_account ? account_of(order) : session.account;
}

void order_service::impl::note_refusal(const error& failure) const noexcept {
  if (failure.code == error_code::unauthorized || failure.code == error_code::permission_denied)
    ++refused_by_stripe;
}

// None: somebody else's row has taken one of its ids meanwhile, so that it has to be looked up
// again.
result<std::optional<order_service::impl::recorded>>
order_service::impl::record_with(const order_record& order, const observation& seen,
                                 const orders::source& by) {
  recorded done;
  if (!orders::find_session(order, seen.session.id)) {
    const auto unmatched = repository.find(unmatched_key(seen.session.id));
    if (!unmatched) return unmatched.error();
    if (*unmatched) {
      const auto taken = take(**unmatched, order.out_trade_no, by);
      if (!taken) return taken.error();
      done.changed = taken->has_value();
    }
  }
  result<std::optional<changed_order>> changed =
      repository.change(order_key(order.out_trade_no),
                        [&](const order_record& known) { return observe(known, seen, by, now()); });
  if (!changed) return std::move(changed).error();
  if (!*changed || (*changed)->put == put_result::id_taken) return std::optional<recorded>();
  done.changed = done.changed || (*changed)->changed;
  done.order = std::move((*changed)->order);
  return std::optional<recorded>(std::move(done));
}

result<order_service::impl::recorded> order_service::impl::record(const observation& seen,
                                                                  const orders::source& by,
                                                                  call_priority priority) {
  const checkout_session& session = seen.session;
  for (int tries = 0; tries != 10; ++tries) {
    // Whatever it names, a session belongs to the order that has it, or that had the one before it.
    for (const std::string* id : {&session.id, &session.recovered_from}) {
      if (id->empty()) continue;
      const result<std::optional<order_record>> owner = repository.find_by_id(*id);
      if (!owner) return owner.error();
      if (!*owner) continue;
      result<std::optional<recorded>> done = record_with(**owner, seen, by);
      if (!done) return std::move(done).error();
      if (*done) return **std::move(done);
    }
    const order_outcome alone = decide_unchecked(seen, options.naming);
    recorded done;
    if (alone.state() == order_state::foreign) {
      if (session.payment_status != session_payment_status::paid) return done;
      const std::lock_guard<std::mutex> lock(mutex_);
      if (last_foreign_payment_ != session.id) ++foreign_payments_;
      last_foreign_payment_ = session.id;
      return done;
    }
    const std::string number = order_number_of(session, options.naming);
    const bool unseen = session.payment_intent && !session.payment_intent->expanded();
    if (number.empty() && unseen && seen.source != observation_source::fetched) {
      const result<session_id> id = session_id::parse(session.id);
      if (!id) return done;
      retrieve_options how;
      how.account = session.account;
      how.priority = priority;
      result<observation> fetched = fetch(*id, how);
      if (!fetched) return std::move(fetched).error();
      fetched->event_id = seen.event_id;
      fetched->async_payment_failed = seen.async_payment_failed;
      result<recorded> done_with = record(*fetched, by, priority);
      if (done_with) ++done_with->requests;
      return done_with;
    }
    if (orders::is_order_number(number)) {
      const result<std::optional<order_record>> named = repository.find(order_key(number));
      if (!named) return named.error();
      // A connected account's sessions may name any number: they are an order's only if it names
      // that account.
      const bool of_its_account =
          *named && (session.of_own_account || session.account == account_of(**named));
      if (of_its_account) {
        result<std::optional<recorded>> kept = record_with(**named, seen, by);
        if (!kept) return std::move(kept).error();
        if (!*kept) continue;
        return **std::move(kept);
      }
    }
    // Nobody else's money: of accounts that no order names, nothing is kept.
    if (!session.of_own_account || alone.pay_again() != pay_again::no) return done;
    done.unmatched = session.id;
    result<changed_order> kept = repository.change_or_add(
        unmatched_key(session.id), [&] { return keep_unmatched(seen, by, now()); },
        [&](const order_record& unmatched) { return observe(unmatched, seen, by, now()); });
    if (!kept) return std::move(kept).error();
    // Expected before the payment was kept, the order has not seen it.
    const auto expected = orders::is_order_number(number)
                              ? repository.find(order_key(number))
                              : result<std::optional<order_record>>(std::optional<order_record>());
    if (!expected) return expected.error();
    if (*expected) continue;
    done.changed = kept->changed;
    done.added = kept->changed && kept->order.version == 1;
    return done;
  }
  return error{error_code::store_unavailable,
               "The session was moved between orders too often: try again."};
}

result<order_service::impl::refreshed>
order_service::impl::refresh(order_record order, const std::string& who, call_priority priority,
                             bool all, const std::string& keep) {
  refreshed done{std::move(order), {}, {}, 0};
  const std::vector<orders::session_conclusion> found = conclude(done.order, now());
  const std::vector<order_session> sessions = done.order.sessions;
  const std::string key = row_of(done.order).key;
  for (std::size_t i = 0; i != sessions.size(); ++i) {
    const bool settled = found[i].money == session_money::none ||
                         found[i].money == session_money::gone_back ||
                         found[i].money == session_money::in;
    if (!all && settled && !found[i].unclear && sessions[i].facts.id != keep) continue;
    const result<session_id> id = session_id::parse(sessions[i].facts.id);
    if (!id) continue; // the application gave it in an expectation
    retrieve_options how;
    how.account = account_of(done.order, sessions[i].facts);
    how.priority = priority;
    how.latest_charge = orders::has_money(found[i].money);
    const result<observation> fetched = fetch(*id, how);
    ++done.requests;
    result<std::optional<changed_order>> changed = std::optional<changed_order>();
    if (fetched) {
      changed = repository.change(key, [&](const order_record& kept) {
        return observe(kept, *fetched, {who, {}}, now());
      });
      if (id->str() == keep) done.newest = *fetched;
    } else if (fetched.error().code == error_code::session_not_found) {
      changed = repository.change(key, [&](const order_record& kept) {
        return observe_not_found(kept, id->str(), {time.unix_time(), clock_source::local},
                                 {who, {}}, now());
      });
    } else {
      done.failure = fetched.error();
      continue;
    }
    if (!changed) return std::move(changed).error();
    if (*changed) done.order = std::move((*changed)->order);
  }
  return done;
}

} // namespace v0
} // namespace stripe_return
