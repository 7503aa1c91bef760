// Reads orders, and changes them by a pure step that is taken again where somebody else was faster.
#pragma once

#include "orders/step.hpp"

#include <stripe_return/core/result.hpp>
#include <stripe_return/orders/order_store.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace orders {

struct changed_order {
  order_record order; // as it is kept now
  put_result put = put_result::done;
  bool changed = false;
};

class order_repository {
public:
  explicit order_repository(order_store& store) : store_(store) {}

  // By key, as order_key() and unmatched_key() make it.
  result<std::optional<order_record>> find(const std::string& key) const;
  result<std::optional<order_record>> find_by_id(std::string_view id) const;

  using take_step = std::function<std::optional<step>(const order_record&)>;
  // None: there is no such row. `put` is `id_taken` where nothing was changed for that.
  result<std::optional<changed_order>> change(const std::string& key, const take_step& take) const;
  // The same for a row that `make` makes where it is not kept yet. `with` is made then alone; `put`
  // is `refused` where it said no.
  result<changed_order> change_or_add(const std::string& key, const std::function<step()>& make,
                                      const take_step& take,
                                      const transaction_writes& with = {}) const;

  order_store& store() const noexcept { return store_; }

private:
  order_store& store_;
};

// 1 to 500 bytes of UTF-8 without control characters: what Stripe's metadata can hold, and every
// store.
bool is_order_number(std::string_view text);

error invalid(const char* sentence); // an option, or an argument
error order_not_found();
error not_an_order_number();

} // namespace orders
} // namespace v0
} // namespace stripe_return
