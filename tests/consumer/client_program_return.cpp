// A second file with the same headers, so that they are linked together.
#include <stripe_return/stripe_return.hpp>

stripe_return::result<stripe_return::order_outcome>
answer_return(const stripe_return::return_handler& on_return) {
  return on_return.handle("session_id=cs_test_a1");
}
