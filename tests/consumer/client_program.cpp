// What a program does that uses the client. Nothing is sent: there is no key.
#include <stripe_return/stripe_return.hpp>

stripe_return::result<stripe_return::order_outcome>
answer_return(const stripe_return::return_handler& on_return);

int main() {
  namespace sr = stripe_return;
  const sr::session_client stripe{sr::client_options{}};
  const auto answer = answer_return(sr::return_handler(stripe));
  return !answer && answer.error().code == sr::error_code::missing_secret_key ? 0 : 1;
}
