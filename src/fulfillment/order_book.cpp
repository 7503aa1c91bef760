#include "fulfillment/order_book.hpp"

#include "client/return_handler.hpp"

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

order_book::order_book(fulfillment_store& store, const return_handler_options& names)
    : store_(store), names_(options_of(names)) {}

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

result<std::optional<changed_order>> order_book::hear(const stripe_word& word) {
  const checkout_session& session = word.session;
  std::string out_trade_no = word.decide(nullptr).out_trade_no();
  if (!is_order_number(out_trade_no)) {
    result<std::optional<std::string>> known = store_.order_of(session.id);
    if (!known) return std::move(known).error();
    if (!*known) return std::optional<changed_order>();
    out_trade_no = **std::move(known);
  }
  result<changed_order> changed = change_or_add(out_trade_no, [&](const order_record& order) {
    const std::optional<expected_order> expected = expectation_of(order);
    return stripe_return::hear(
        order, {word.at, word.who, session.id, word.decide(expected ? &*expected : nullptr),
                session.created.value_or(0), word.event_id, word.just_asked});
  });
  if (!changed) return std::move(changed).error();
  return std::optional<changed_order>(*std::move(changed));
}

stripe_word order_book::word_of(const fetched_session& fetched, std::string who,
                                bool async_payment_failed) const {
  decide_options names = names_;
  names.async_payment_failed = async_payment_failed;
  return {fetched.time,
          std::move(who),
          fetched.session,
          true,
          {},
          [&fetched, names = std::move(names)](const expected_order* expected) {
            return expected == nullptr ? stripe_return::decide(fetched, names)
                                       : stripe_return::decide(fetched, *expected, names);
          }};
}

stripe_word order_book::word_of(const event& event, unix_seconds now, std::string who) const {
  return {now,
          std::move(who),
          *event.session,
          false,
          event.id,
          [&event, now, names = names_](const expected_order* expected) {
            return expected == nullptr ? stripe_return::decide(event, now, names)
                                       : stripe_return::decide(event, *expected, now, names);
          }};
}

stripe_word order_book::word_of(const checkout_session& listed, unix_seconds now,
                                std::string who) const {
  return {now,
          std::move(who),
          listed,
          false,
          {},
          [&listed, now, names = names_](const expected_order* expected) {
            return expected == nullptr ? stripe_return::decide(listed, now, names)
                                       : stripe_return::decide(listed, *expected, now, names);
          }};
}

} // namespace v0
} // namespace stripe_return
