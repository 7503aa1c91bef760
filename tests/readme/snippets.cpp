// The short pieces of README.md and of the headers, each in a function that has what it leaves out.
#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/return_query.hpp>
#include <stripe_return/orders/blocking_call.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/orders/reconciler.hpp>
#include <stripe_return/testkit/fake_stripe.hpp>
#include <stripe_return/testkit/fake_time.hpp>
#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace readme {

int a_value_or_an_error(std::string_view query, std::ostream& log,
                        void (*fetch_and_show)(const stripe_return::session_id&)) {
  stripe_return::result<stripe_return::session_id> id = stripe_return::parse_return_query(query);
  if (!id) {
    log << to_string(id.error().code) << ": " << id.error().message << '\n';
    return 400;
  }
  fetch_and_show(*id);
  return 200;
}

void your_own_tests(std::string_view json_text, const stripe_return::expected_order& expected,
                    stripe_return::unix_seconds now) {
  auto session = stripe_return::parse_checkout_session(json_text); // result<checkout_session>
  auto outcome = stripe_return::decide(*session, expected, now);   // pure
  outcome.may_fulfill("1774256382025448500");                      // asks for one order, never for "any"
}

void sessions_of_any_state(stripe_return::unix_seconds now) {
  auto order = stripe_return::testkit::session_builder().amount(400, "cny").out_trade_no("1774256382025448500");
  auto json = order.paid().json(); // or .processing(), .failed(), .expired(), ..., .stripe_go_json()
  auto body = order.failed().event("checkout.session.async_payment_failed");
  auto header = stripe_return::testkit::sign_webhook(body, "whsec_...", now);
}

void a_stripe_to_test_against(const stripe_return::testkit::fake_stripe_options& stripe_options,
                              const stripe_return::client_options& client_options,
                              const stripe_return::checkout_parameters& checkout,
                              int (*on_webhook)(std::string_view body, std::string_view signature)) {
  auto time = std::make_shared<stripe_return::testkit::fake_time>(1790000000);
  auto stripe = std::make_shared<stripe_return::testkit::fake_stripe>(time, stripe_options);
  stripe_return::session_client client{client_options, {stripe, time}};
  auto made = client.create(checkout);
  auto paid = stripe->post("/_fake/sessions/" + made->session.id + "/pay"); // or pay_later, decline, expire, ...
  time->advance(std::chrono::minutes(10));
  stripe->deliver_webhooks([&](const stripe_return::testkit::fake_webhook& webhook) {
    return on_webhook(webhook.body, webhook.signature); // the HTTP status of your endpoint
  });
}

void fulfill_once(stripe_return::order_service& orders, stripe_return::payment_listener& payments,
                  stripe_return::reconciler& reconciler,
                  const stripe_return::task_handler<stripe_return::fulfill_task>& ship,
                  const stripe_return::task_handler<stripe_return::release_task>& restock,
                  const stripe_return::expected_order& order,
                  const stripe_return::checkout_parameters& page, std::string_view query,
                  std::string_view order_number, std::string_view raw_body,
                  std::string_view signature) {
  stripe_return::fulfillment_worker worker{orders, {ship, restock}}; // your functions
  auto checkout = orders.open_checkout(order, page);          // checkout->url: where the customer pays
  auto back = payments.on_return(query, order_number);        // back->view: what the page shows
  auto seen = payments.on_webhook(raw_body, signature);       // seen.http_status: the answer for Stripe
  auto done = worker.run();           // on a thread of yours, every second or so: ships what is paid
  auto asked = reconciler.run();      // every few minutes: asks Stripe about those who never came back
}

void beside_an_event_loop(const stripe_return::blocking_executor& pool, stripe_return::event_loop& loop,
                          stripe_return::order_service orders, const stripe_return::expected_order& order,
                          const stripe_return::checkout_parameters& page,
                          void (*send_customer_to)(const stripe_return::result<stripe_return::checkout>&)) {
  stripe_return::blocking_call(
      pool, loop, [=]() mutable { return orders.open_checkout(order, page); },
      [=](const auto& checkout) { send_customer_to(checkout); });
}

void webhooks(const stripe_return::secret& secret, const stripe_return::secret& old_secret,
              std::string_view raw_body, std::string_view stripe_signature_header,
              stripe_return::unix_seconds now, void (*answer_stripe)(int),
              const stripe_return::expected_order& expected,
              stripe_return::order_outcome& outcome) {
  stripe_return::webhook_verifier verifier{{{"current", secret}, {"previous", old_secret}},
                                           stripe_return::livemode::live};
  auto event = verifier.verify(raw_body, stripe_signature_header, now); // the bytes as they came
  answer_stripe(http_answer(event));
  if (auto seen = event ? observation_of(*event) : std::nullopt) outcome = decide(*seen, expected);
}

} // namespace readme
