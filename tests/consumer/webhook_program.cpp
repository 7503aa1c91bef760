// What a program does that verifies webhooks.
#include <stripe_return/webhook/webhook_verifier.hpp>

int main() {
  namespace sr = stripe_return;
  const sr::webhook_verifier verifier({{"current", sr::secret("whsec_1")}}, sr::livemode::test);
  const auto event = verifier.verify("{}", "", 0);
  return !event && event.error().code == sr::error_code::not_signed ? 0 : 1;
}
