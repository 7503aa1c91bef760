#include <stripe_return/orders/order_store.hpp>

namespace stripe_return {
inline namespace v0 {

order_store::~order_store() = default;

std::string_view to_string(order_list list) noexcept {
  switch (list) {
  case order_list::all: return "all";
  case order_list::waiting: return "waiting";
  case order_list::task: return "task";
  case order_list::poll: return "poll";
  case order_list::changed: return "changed";
  case order_list::review: return "review";
  case order_list::to_give_back: return "to_give_back";
  }
  return "";
}

std::string_view to_string(put_result result) noexcept {
  switch (result) {
  case put_result::done: return "done";
  case put_result::version_changed: return "version_changed";
  case put_result::id_taken: return "id_taken";
  case put_result::refused: return "refused";
  }
  return "";
}

} // namespace v0
} // namespace stripe_return
