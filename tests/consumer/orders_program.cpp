#include <stripe_return/orders/order_store.hpp>

namespace sr = stripe_return;

int main() {
  return sr::to_string(sr::order_list::waiting) == "waiting" ? 0 : 1;
}
