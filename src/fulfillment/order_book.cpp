#include "fulfillment/order_book.hpp"

#include "core/recovery_chain.hpp"

#include <stripe_return/core/decide.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

error contended() {
  return {error_code::store_unavailable,
          "The order is being changed by too many at once: try again."};
}

// Each time somebody else was faster, an order got on. So many at once are no crowd but an error.
constexpr int most_tries = 1000;

} // namespace

bool is_order_number(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 500 && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

order_book::order_book(fulfillment_store& store, order_naming naming)
    : store_(store), naming_(std::move(naming)) {}

result<std::optional<changed_order>> order_book::change(std::string_view out_trade_no,
                                                        const step& take) {
  for (int i = 0; i != most_tries; ++i) {
    result<std::optional<order_record>> found = store_.find(out_trade_no);
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<changed_order>();
    order_step next = take(**found);
    if (!next) return std::optional<changed_order>({**std::move(found), false});
    const result<bool> replaced = store_.replace(next->record, next->entry);
    if (!replaced) return replaced.error();
    if (*replaced) return std::optional<changed_order>({std::move(next->record), true});
  }
  return contended();
}

result<changed_order> order_book::change_or_add(std::string_view out_trade_no, const step& take) {
  for (int i = 0; i != most_tries; ++i) {
    result<std::optional<changed_order>> changed = change(out_trade_no, take);
    if (!changed) return std::move(changed).error();
    if (*changed) return **std::move(changed);
    order_record fresh;
    fresh.out_trade_no = out_trade_no;
    order_step next = take(fresh);
    if (!next) return changed_order{std::move(fresh), false};
    const result<bool> added = store_.add(next->record, next->entry);
    if (!added) return added.error();
    if (*added) return changed_order{std::move(next->record), true};
  }
  return contended();
}

result<std::optional<changed_order>> order_book::hear(const observation& observed, std::string who,
                                                      unix_seconds at) {
  const checkout_session& session = observed.session;
  order_naming naming = naming_;
  order_outcome unchecked = decide_unchecked(observed);
  std::string out_trade_no = unchecked.out_trade_no();
  const bool foreign = unchecked.state() == order_state::foreign;
  if (foreign || !is_order_number(out_trade_no)) {
    result<std::optional<std::string>> known = store_.order_of(session.id);
    if (known && !*known && !session.recovered_from.empty()) {
      known = store_.order_of(session.recovered_from);
    }
    if (!known) return std::move(known).error();
    if (!*known) return std::optional<changed_order>();
    out_trade_no = **std::move(known);
    // Whatever shop it names, or none, as before the shop had a name.
    naming.shop.clear();
    unchecked = stripe_return::decide_unchecked(observed, naming);
  }
  result<changed_order> changed = change_or_add(out_trade_no, [&](const order_record& order) {
    const std::optional<expected_order> expected = expectation_of(order);
    heard_word word{at,
                    who,
                    session.id,
                    expected ? decide(observed, *expected, naming) : unchecked,
                    session.created.value_or(0),
                    observed.event_id};
    word.just_asked = observed.source == observation_source::fetched;
    word.recovered = order.expected && !session.recovered_from.empty() &&
                     continues_one_of(*order.expected, session, observed.recovery_chain);
    return stripe_return::hear(order, word);
  });
  if (!changed) return std::move(changed).error();
  return std::optional<changed_order>(*std::move(changed));
}

order_outcome order_book::decide_unchecked(const observation& observed) const {
  return stripe_return::decide_unchecked(observed, naming_);
}

} // namespace v0
} // namespace stripe_return
