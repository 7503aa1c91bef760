// What a test of an application does without a network.
#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/scripted_transport.hpp>
#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <memory>

int main() {
  namespace sr = stripe_return;
  const auto session = sr::testkit::session_builder().id("cs_test_a1").out_trade_no("A1").paid();

  sr::client_options options;
  options.secret_key = "sk_test_1";
  const sr::session_client stripe(
      options, {std::make_shared<sr::testkit::scripted_transport>([&](const sr::http_request&) {
                  return sr::testkit::stripe_response(200, session.json(), 1774256400);
                }),
                std::make_shared<sr::testkit::fake_time>(1774256400)});
  const auto outcome = sr::return_handler(stripe).handle("session_id=cs_test_a1");
  if (!outcome || !outcome->may_fulfill("A1")) return 1;

  const std::string event = session.event("checkout.session.completed");
  const std::string header = sr::testkit::sign_webhook(event, sr::secret("whsec_1"), 1);
  return header.rfind("t=1,v1=", 0) == 0 ? 0 : 2;
}
