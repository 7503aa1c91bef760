#include <stripe_return/orders/order_service.hpp>

#include "orders/attempts.hpp"
#include "orders/decisions.hpp"
#include "orders/order_token.hpp"
#include "orders/service_state.hpp"
#include "orders/settle.hpp"
#include "orders/store_stamp.hpp"
#include "orders/tasks.hpp"
#include "orders/transaction_guard.hpp"

#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using orders::changed_order;
using orders::order_not_found;

result<void> check_key(const secret& key) {
  if (key.empty() || key.reveal().size() >= 32) return {};
  return orders::invalid(
      "The options order_token_key and previous_order_token_key must have 32 bytes or "
      "more, or be empty.");
}

} // namespace

result<void> check(const order_options& options) {
  if (options.query_parameter.empty())
    return orders::invalid("The option query_parameter must not be empty.");
  if (const auto usable = check(options.naming); !usable) return usable.error();
  for (const secret* key : {&options.order_token_key, &options.previous_order_token_key})
    if (const auto usable = check_key(*key); !usable) return usable.error();
  return {};
}

order_service::order_service(const session_client& stripe, order_store& store,
                             order_options options)
    : impl_(std::make_shared<impl>(stripe, store, std::move(options))) {}

result<customer_view> order_service::expect(const expected_order& order,
                                            const expect_options& options) {
  result<order_record> kept = impl_->expect(order, options);
  if (!kept) return std::move(kept).error();
  return view_of(*kept, impl_->now());
}

result<std::optional<customer_view>> order_service::view(std::string_view out_trade_no) const {
  const result<std::optional<order_record>> found = impl_->repository.find(order_key(out_trade_no));
  if (!found) return found.error();
  if (!*found) return std::optional<customer_view>();
  return std::optional<customer_view>(view_of(**found, impl_->now()));
}

customer_view order_service::view(const order_record& order) const {
  return view_of(order, impl_->now());
}

bool order_service::may_release(const order_record& order) const {
  return orders::may_release(order, impl_->now());
}

std::optional<std::string> order_service::order_of_token(std::string_view order_token) const {
  std::optional<std::string> number = read_order_token(impl_->options.order_token_key, order_token);
  if (!number) number = read_order_token(impl_->options.previous_order_token_key, order_token);
  return number;
}

// Finds what was lost, ends what can be ended, reads all of it again, and then decides.
template <class Word, class Decide>
result<Word> order_service::impl::decide_after_ending(std::string_view out_trade_no,
                                                      std::string_view who, Decide decide) {
  if (const auto usable = ready(); !usable) return usable.error();
  const std::string key = order_key(out_trade_no);
  result<std::optional<order_record>> found = repository.find(key);
  if (!found) return std::move(found).error();
  if (!*found) return order_not_found();
  if (const checkout_attempt* lost = orders::open_attempt(**found);
      lost != nullptr && now().now >= orders::lost_since(*lost)) {
    if (const auto looked = look_for_lost(**found); !looked) return looked.error();
    found = repository.find(key);
    if (!found) return std::move(found).error();
    if (!*found) return order_not_found();
  }
  const order_record before = **found;
  const std::vector<orders::session_conclusion> known = conclude(before, now());
  for (std::size_t i = 0; i != known.size(); ++i) {
    const result<session_id> id = session_id::parse(before.sessions[i].facts.id);
    const bool may_be_open = known[i].money == orders::session_money::can_still_come ||
                             known[i].money == orders::session_money::unknown;
    const bool is_expired = before.sessions[i].facts.expired.has_value();
    if (id && may_be_open && !is_expired) expire(*id, account_of(before, before.sessions[i].facts));
  }
  const result<refreshed> read = refresh(before, std::string(who), call_priority::known, true);
  if (!read) return read.error();
  Word word{};
  const auto changed = repository.change(key, [&](const order_record& order) {
    auto decided = decide(order);
    word = decided.word;
    return std::move(decided.change);
  });
  if (!changed) return changed.error();
  if (!*changed) return order_not_found();
  return word;
}

result<close_answer> order_service::close(std::string_view out_trade_no, std::string_view who) {
  close_answer answer;
  const result<close_result> word =
      impl_->decide_after_ending<close_result>(out_trade_no, who, [&](const order_record& order) {
        auto decided = orders::close(order, std::string(who), impl_->now());
        answer.until = decided.until;
        return decided;
      });
  if (!word) return word.error();
  answer.result = *word;
  return answer;
}

result<cancel_result> order_service::cancel(std::string_view out_trade_no, std::string_view who) {
  const result<std::optional<order_record>> found = find(out_trade_no);
  if (!found) return found.error();
  // Nothing is ended at Stripe where nothing can be changed.
  if (*found && orders::is_claimed(**found, impl_->now().now)) return cancel_result::claimed;
  return impl_->decide_after_ending<cancel_result>(
      out_trade_no, who, [&](const order_record& order) {
        return orders::cancel(order, std::string(who), impl_->now());
      });
}

result<customer_view> order_service::reprice(const expected_order& order) {
  if (const auto usable = check(order); !usable) return usable.error();
  enum class repriced : unsigned char { done, pending, refused } word{};
  const result<repriced> changed = impl_->decide_after_ending<repriced>(
      order.out_trade_no, "application", [&](const order_record& known) {
        orders::decided<repriced> decided{repriced::done};
        switch (orders::plan_checkout(known, impl_->now()).choice) {
        case orders::checkout_choice::begin:
          decided.change = orders::reprice(known, order, impl_->now());
          break;
        case orders::checkout_choice::none: decided.word = repriced::refused; break;
        default: decided.word = repriced::pending;
        }
        return decided;
      });
  if (!changed) return changed.error();
  word = *changed;
  if (word == repriced::pending)
    return error{error_code::checkout_pending,
                 "It is not certain yet that no session of the order can be paid: try again."};
  if (word == repriced::refused)
    return orders::invalid(
        "The order is paid or over, or a person has to decide about it first: see find().");
  result<std::optional<customer_view>> seen = view(order.out_trade_no);
  if (!seen) return std::move(seen).error();
  if (!*seen) return orders::order_not_found();
  return **seen;
}

result<mark_result> order_service::mark_fulfilled(std::string_view out_trade_no, fulfilled_by how,
                                                  std::string_view who,
                                                  std::string_view session_id) {
  if (const auto usable = impl_->ready(); !usable) return usable.error();
  if (how == fulfilled_by::worker || (how == fulfilled_by::session) == session_id.empty())
    return orders::invalid("Pass a session with fulfilled_by::session, and only with it; "
                           "fulfilled_by::worker is for workers only.");
  mark_result word{};
  bool known = true;
  const auto changed =
      impl_->repository.change(order_key(out_trade_no), [&](const order_record& order) {
        known = session_id.empty() || orders::find_session(order, std::string(session_id));
        if (!known) return std::optional<orders::step>();
        auto decided = orders::mark_fulfilled(order, how, std::string(session_id), std::string(who),
                                              impl_->now());
        word = decided.word;
        return std::move(decided.change);
      });
  if (!changed) return changed.error();
  if (!*changed) return order_not_found();
  if (!known)
    return orders::invalid("The session does not belong to the order: look it up with find().");
  // Nobody is to pay it any more. The reconciler ends what cannot be ended now.
  const std::vector<orders::session_conclusion> found = conclude((*changed)->order, impl_->now());
  for (std::size_t i = 0; i != found.size(); ++i) {
    const auto id = stripe_return::session_id::parse((*changed)->order.sessions[i].facts.id);
    if (id && word == mark_result::marked &&
        found[i].money == orders::session_money::can_still_come)
      impl_->expire(*id, impl::account_of((*changed)->order, id->str()));
  }
  return word;
}

result<resolve_result> order_service::resolve(std::string_view review_id, review_verdict verdict,
                                              std::string_view who, std::string_view note,
                                              std::string_view out_trade_no,
                                              std::string_view account) {
  if (const auto usable = impl_->ready(); !usable) return usable.error();
  const std::string subject(review_id.substr(0, review_id.rfind(':')));
  result<std::optional<order_record>> owner = impl_->repository.find_by_id(subject);
  if (!owner) return std::move(owner).error();
  result<std::optional<order_record>> found = impl_->repository.find(unmatched_key(subject));
  if (!found) return std::move(found).error();
  orders::verdict_on what{std::string(review_id), verdict, std::string(who), std::string(note),
                          std::string(account)};
  const review_item* unmatched = *found ? orders::find_item(**found, what.review_id) : nullptr;
  const bool is_open = unmatched != nullptr && unmatched->state == review_state::open;
  if (is_open && (*owner || verdict == review_verdict::accept))
    return impl_->match(**found, *owner, what, out_trade_no);
  if (!is_open && *owner) found = std::move(owner);
  if (!*found) found = impl_->repository.find(order_key(subject));
  if (!found) return std::move(found).error();
  if (!*found) return resolve_result::nothing_to_decide;
  resolve_result word{};
  order_record before = **found;
  const auto changed =
      impl_->repository.change(row_of(**found).key, [&](const order_record& order) {
        before = order;
        auto decided = orders::resolve(order, what, impl_->now());
        word = decided.word;
        return std::move(decided.change);
      });
  if (!changed) return changed.error();
  if (!*changed) return resolve_result::nothing_to_decide;
  // A session that was rejected is to be paid by nobody.
  const review_item* item = orders::find_item(before, what.review_id);
  const auto id = stripe_return::session_id::parse(item ? item->session_id : std::string());
  if (id && word == resolve_result::done && verdict == review_verdict::reject && !item->with_money)
    impl_->expire(*id, impl::account_of(before, id->str()));
  return word;
}

// A person says which order an unmatched payment is for: the order takes the session, and whatever
// disagrees is accepted by that person. `owner` has the session already.
result<resolve_result> order_service::impl::match(const order_record& unmatched,
                                                  const std::optional<order_record>& owner,
                                                  orders::verdict_on what,
                                                  std::string_view out_trade_no) {
  if (unmatched.sessions.empty()) return resolve_result::nothing_to_decide;
  const session_facts facts = unmatched.sessions.front().facts;
  std::string number(out_trade_no);
  if (number.empty())
    number = owner ? owner->out_trade_no
                   : order_number_of(observation_of(facts, options.naming).session, options.naming);
  if (owner && (what.verdict == review_verdict::reject || number != owner->out_trade_no)) {
    if (const auto ended = end_matched(unmatched, owner->out_trade_no); !ended)
      return ended.error();
    return resolve_result::changed_meanwhile; // what is to be decided now, is so about the order
  }
  const std::string key = order_key(number);
  const orders::source by{what.who, {}};
  result<std::optional<changed_order>> taken =
      repository.change(key, [&](const order_record& order) {
        return observe(order, observation_of(facts, options.naming), by, now());
      });
  if (!taken) return std::move(taken).error();
  if (!*taken) return resolve_result::refused; // nobody expects that order
  if ((*taken)->put == put_result::id_taken) return resolve_result::changed_meanwhile;
  resolve_result word = resolve_result::done;
  std::vector<std::string> items;
  for (const review_item& each : (*taken)->order.review_items)
    if (each.session_id == facts.id && each.state == review_state::open) items.push_back(each.id);
  for (const std::string& each : items) {
    what.review_id = each;
    const auto resolved = repository.change(key, [&](const order_record& order) {
      auto decided = orders::resolve(order, what, now());
      word = decided.word;
      return std::move(decided.change);
    });
    if (!resolved) return resolved.error();
    if (word != resolve_result::done) return word;
  }
  if (const auto ended = end_matched(unmatched, number); !ended) return ended.error();
  return word;
}

result<void> order_service::impl::end_matched(const order_record& unmatched,
                                              const std::string& number) {
  const auto ended = repository.change(row_of(unmatched).key, [&](const order_record& row) {
    return end_unmatched(row, number, now());
  });
  if (!ended) return ended.error();
  return {};
}

result<bool> order_service::mark_refunded(std::string_view session_id, std::string_view who) {
  if (const auto usable = impl_->ready(); !usable) return usable.error();
  const result<std::optional<order_record>> owner = impl_->repository.find_by_id(session_id);
  if (!owner) return owner.error();
  bool any = false;
  // An order that has taken the session may have left an entry with the unmatched payment.
  std::vector<std::string> keys{unmatched_key(session_id)};
  if (*owner) keys.push_back(order_key((*owner)->out_trade_no));
  for (const std::string& key : keys) {
    const auto changed = impl_->repository.change(key, [&](const order_record& order) {
      return orders::mark_refunded(order, std::string(session_id), std::string(who), impl_->now());
    });
    if (!changed) return changed.error();
    any = any || (*changed && (*changed)->changed);
  }
  return any;
}

result<std::optional<order_record>>
order_service::find(std::string_view number_session_or_intent) const {
  result<std::optional<order_record>> found =
      impl_->repository.find(order_key(number_session_or_intent));
  if (found && !*found) found = impl_->repository.find_by_id(number_session_or_intent);
  if (found && !*found) found = impl_->repository.find(unmatched_key(number_session_or_intent));
  return found;
}

result<std::vector<history_entry>>
order_service::history(std::string_view number_or_session) const {
  if (auto refused = orders::refuse_inside_transaction()) return *std::move(refused);
  order_store& store = impl_->repository.store();
  result<std::vector<std::string>> lines = store.history(order_key(number_or_session));
  if (lines && lines->empty()) lines = store.history(unmatched_key(number_or_session));
  if (!lines) return lines.error();
  if (lines->empty()) return order_not_found();
  std::vector<history_entry> all;
  for (const std::string& each : *lines) {
    result<history_entry> entry = parse_history_entry(each);
    if (!entry) return std::move(entry).error();
    all.push_back(*std::move(entry));
  }
  return all;
}

result<order_stats> order_service::stats() const {
  if (auto refused = orders::refuse_inside_transaction()) return *std::move(refused);
  order_stats stats;
  const unix_seconds now = impl_->now().now;
  constexpr unix_seconds ever = (std::numeric_limits<unix_seconds>::max)();
  const struct {
    list_stats* into;
    order_list list;
    unix_seconds until;
  } counted[] = {{&stats.waiting, order_list::waiting, ever},
                 {&stats.tasks, order_list::task, now},
                 {&stats.polls, order_list::poll, now},
                 {&stats.reviews, order_list::review, ever},
                 {&stats.to_give_back, order_list::to_give_back, ever}};
  for (const auto& each : counted) {
    const result<list_stats> kept = impl_->repository.store().stats(each.list, each.until);
    if (!kept) return kept.error();
    *each.into = *kept;
  }
  const result<std::optional<livemode>> mode = orders::store_livemode(impl_->repository.store());
  if (!mode) return mode.error();
  stats.livemode = *mode;
  const result<std::optional<unix_seconds>> reconciled =
      orders::last_reconciled(impl_->repository.store());
  if (!reconciled) return reconciled.error();
  stats.last_reconciled = *reconciled;
  if (const unix_seconds last = impl_->last_webhook; last != 0) stats.last_webhook = last;
  stats.refused_by_stripe = impl_->refused_by_stripe;
  const std::lock_guard<std::mutex> lock(impl_->mutex_);
  stats.foreign_payments = impl_->foreign_payments_;
  stats.last_foreign_payment = impl_->last_foreign_payment_;
  return stats;
}

} // namespace v0
} // namespace stripe_return
