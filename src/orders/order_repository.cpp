#include "orders/order_repository.hpp"

#include "orders/order_text.hpp"
#include "orders/transaction_guard.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

// Each time somebody else was faster, the order got on. So many at once are an error.
constexpr int most_tries = 1000;

error contended() {
  return {error_code::store_unavailable,
          "The order is being changed by too many callers at once: try again."};
}

result<std::optional<order_record>> read(const result<std::optional<order_row>>& row) {
  if (!row) return row.error();
  if (!*row) return std::optional<order_record>();
  result<order_record> order = parse_order_row(**row);
  if (!order) return std::move(order).error();
  return std::optional<order_record>(*std::move(order));
}

} // namespace

result<std::optional<order_record>> order_repository::find(const std::string& key) const {
  if (auto refused = refuse_inside_transaction()) return *std::move(refused);
  return read(store_.find(key));
}

result<std::optional<order_record>> order_repository::find_by_id(std::string_view id) const {
  if (auto refused = refuse_inside_transaction()) return *std::move(refused);
  return read(store_.find_by_id(id));
}

result<std::optional<changed_order>> order_repository::change(const std::string& key,
                                                              const take_step& take) const {
  for (int i = 0; i != most_tries; ++i) {
    result<std::optional<order_record>> found = find(key);
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<changed_order>();
    std::optional<step> next = take(**found);
    if (!next) return std::optional<changed_order>({**std::move(found)});
    const result<put_result> put = store_.put(change_of(*next, **found), {});
    if (!put) return put.error();
    if (*put == put_result::version_changed) continue;
    if (*put != put_result::done)
      return std::optional<changed_order>({**std::move(found), *put, false});
    return std::optional<changed_order>({std::move(next->order), *put, true});
  }
  return contended();
}

result<changed_order> order_repository::change_or_add(const std::string& key,
                                                      const std::function<step()>& make,
                                                      const take_step& take,
                                                      const transaction_writes& with) const {
  for (int i = 0; i != most_tries; ++i) {
    result<std::optional<changed_order>> changed = change(key, take);
    if (!changed) return std::move(changed).error();
    if (*changed) return **std::move(changed);
    step made = make();
    const result<put_result> put = store_.put(change_of(made, {}), guarded(with));
    if (!put) return put.error();
    if (*put == put_result::version_changed) continue; // somebody else has just added it
    return changed_order{std::move(made.order), *put, *put == put_result::done};
  }
  return contended();
}

bool is_order_number(std::string_view text) {
  return !text.empty() && text.size() <= 500 && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  }) && is_utf8(text);
}

error invalid(const char* sentence) {
  return {error_code::invalid_option, sentence};
}

error order_not_found() {
  return {error_code::order_not_found, "There is no order with this number: call expect() first."};
}

error not_an_order_number() {
  return {error_code::invalid_option,
          "An order number must have 1 to 500 bytes of UTF-8, none of them a control character."};
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
