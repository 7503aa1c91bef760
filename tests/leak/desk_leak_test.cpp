// What is kept of an order, and told of it.
#include "canaries.hpp"
#include "lives.hpp"
#include "planting_stripe.hpp"
#include "said.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/memory_store.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gmock/gmock.h>

#include <ctime>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using ::said;
using canary::expect_none;
using nlohmann::json;

std::string said(const sr::customer_view& view) {
  return std::string(to_string(view.state)) + std::string(to_string(view.next_step)) +
         std::string(to_string(view.pay_again));
}

std::string kept(sr::fulfillment_store& store, const std::string& out_trade_no) {
  const auto order = store.find(out_trade_no);
  if (!order || !*order) return {};
  std::string text = to_text(**order);
  const auto lines = store.history(out_trade_no);
  if (!lines) return said(lines.error());
  for (const sr::history_entry& each : *lines)
    text += "\n" + each.who + " " + each.what + " " + each.session_id + " " + each.event_id + " " +
            to_text(each.reasons) + " " + each.note;
  return text;
}

TEST(DeskLeak, IsNone) {
  planting_stripe stripe;
  sr::client_options options;
  options.secret_key = canary::secret_key;
  options.api_base = stripe.url();
  const sr::session_client client(options);
  const sr::webhook_verifier verifier({{"current", canary::webhook_secret}}, sr::livemode::test);
  sr::memory_store store;
  std::string told;
  sr::fulfillment_options desk_options;
  desk_options.verifier = &verifier;
  desk_options.token_key = canary::webhook_secret + canary::secret_key;
  sr::fulfillment desk(
      client, store,
      [&](const sr::fulfil_task& task) {
        told += task.out_trade_no + task.key + task.session_id;
        return sr::fulfil_result::done;
      },
      desk_options);

  int number = 0;
  for (const std::vector<std::string>& happenings : lives) {
    const std::string out_trade_no = "A" + std::to_string(++number);
    const auto opened = open_checkout(desk, out_trade_no);
    ASSERT_TRUE(opened) << opened.error().message;
    // The one answer in which a secret may stand, for the browser of the order.
    EXPECT_EQ(opened->client_secret.reveal(), canary::client_secret);
    told += said(opened->view) + opened->session_id;
    for (const std::string& each : happenings)
      stripe.behind().let({{"id", opened->session_id}}, each);
    const auto back = desk.on_return("session_id=" + opened->session_id, out_trade_no);
    told += back ? back->out_trade_no + (back->view ? said(*back->view) : "") : said(back.error());
    const auto viewed = desk.view(out_trade_no);
    told += viewed && *viewed ? said(**viewed) : "";
  }
  const json events = stripe.behind().read("/v1/events");
  for (const json& each : events.at("data")) {
    const std::string body = canary::planted(each).dump();
    const auto heard = [&](const std::string& header) {
      const sr::webhook_answer answer = desk.on_webhook(body, header);
      told += answer.out_trade_no + (answer.failure ? said(*answer.failure) : "");
    };
    heard(sr::testkit::sign_webhook(body, canary::webhook_secret, std::time(nullptr)));
    heard(canary::webhook_secret);
  }
  const auto look_at_reports = [&] {
    const sr::run_report run = desk.run_due();
    const sr::sweep_report swept = desk.sweep();
    told += (run.failure ? said(*run.failure) : "") + (swept.failure ? said(*swept.failure) : "");
    const auto closed = desk.close_order("A1");
    told += closed ? "" : said(closed.error());
  };
  look_at_reports();
  stripe.refuse(401);
  look_at_reports();
  EXPECT_THAT(told, testing::HasSubstr("A2"));
  expect_none(told, "the desk");
  for (int each = 1; each <= number; ++each) {
    const std::string text = kept(store, "A" + std::to_string(each));
    EXPECT_NE(text, "");
    expect_none(text, "the store");
  }
}

} // namespace
