// What a test of an application does with a Stripe of its own.
#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

int main() {
  const stripe_return::fake_stripe_server stripe;
  return stripe.url().rfind("http://127.0.0.1:", 0) == 0 ? 0 : 1;
}
