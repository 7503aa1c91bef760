#include "demo.hpp"

#include <stripe_return/testkit/scripted_transport.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <stdexcept>

namespace demo {
namespace {

namespace sr = stripe_return;

constexpr sr::unix_seconds created = 1774256386;
constexpr sr::unix_seconds now = created + 600;
constexpr sr::unix_seconds days_later = created + 3 * 86400;

std::string recording(const std::string& name) {
  std::ifstream file(EXAMPLE_RECORDINGS "/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " EXAMPLE_RECORDINGS "/" + name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Stripe's own JSON, as much of it as is read.
struct session {
  std::string id;
  std::string status;
  std::string payment_status;
  std::string mode = "payment";
  int amount_total = 400;
  std::string payment_intent = "null";

  std::string json() const {
    return R"({"object":"checkout.session","livemode":false,"currency":"cny","created":)" +
           std::to_string(created) + R"(,"expires_at":)" + std::to_string(created + 86400) +
           R"(,"metadata":{"out_trade_no":"demo-1"},"id":")" + id + R"(","mode":")" + mode +
           R"(","status":")" + status + R"(","payment_status":")" + payment_status +
           R"(","amount_total":)" + std::to_string(amount_total) + R"(,"payment_intent":)" +
           payment_intent + "}";
  }
};

std::string payment_intent(const std::string& status) {
  return R"({"id":"pi_demo","object":"payment_intent","status":")" + status + R"("})";
}

sr::expected_order order(const std::string& out_trade_no) {
  sr::expected_order expected;
  expected.out_trade_no = out_trade_no;
  expected.amounts = {{400, "cny"}};
  expected.livemode = sr::livemode::test;
  return expected;
}

std::string error_body(const std::string& stripe_code) {
  return R"({"error":{"type":"api_error","code":")" + stripe_code + R"("}})";
}

sr::result<sr::http_response> unknown_session() {
  return sr::testkit::stripe_response(404, error_body("resource_missing"), now);
}

using answer = std::function<sr::result<sr::http_response>()>;

class script {
public:
  script() {
    recorded("The owner's paid recording", "paid.json", "cs_test_www", "1774256382025448500", now,
             "paid");
    recorded("The owner's unpaid recording", "unpaid.json", "cs_test_wwww", "1774256092603328600",
             now, "awaiting_payment");
    recorded("The unpaid recording a day later, its expiry not confirmed", "unpaid.json",
             "cs_test_wwww", "1774256092603328600", days_later, "expired");

    decided("Paid", {"cs_test_paid", "complete", "paid"}, "paid");
    decided("Nothing to pay", {"cs_test_free", "complete", "no_payment_required", "payment", 0},
            "no_payment_required", 0);
    decided("A trial, for an order that was to be paid",
            {"cs_test_trial", "complete", "no_payment_required", "subscription"}, "needs_review");
    decided(
        "A delayed payment under way",
        {"cs_test_processing", "complete", "unpaid", "payment", 400, payment_intent("processing")},
        "processing");
    decided("A voucher to be paid",
            {"cs_test_voucher", "complete", "unpaid", "payment", 400,
             payment_intent("requires_action")},
            "processing");
    decided("Authorized, to be captured",
            {"cs_test_capture", "complete", "unpaid", "payment", 400,
             payment_intent("requires_capture")},
            "processing");
    decided("A delayed payment failed",
            {"cs_test_failed", "complete", "unpaid", "payment", 400,
             payment_intent("requires_payment_method")},
            "failed");
    decided("Not paid yet", {"cs_test_open", "open", "unpaid"}, "awaiting_payment");
    decided("Expired", {"cs_test_expired", "expired", "unpaid"}, "expired");
    decided("A word of tomorrow", {"cs_test_new_word", "complete", "partially_paid"},
            "undetermined");
    decided("Expired but paid", {"cs_test_expired_paid", "expired", "paid"}, "needs_review");
    decided("Paid too little", {"cs_test_cheap", "complete", "paid", "payment", 1}, "needs_review");

    visits_.push_back({"Paid, in a browser that the shop does not know",
                       "/stripe_return?session_id=cs_test_paid&from=alipay", std::nullopt, 200,
                       "paid"});

    refused("No such session", "cs_test_unknown", 404, "resource_missing", "session_not_found");
    refused("The secret key was revoked", "cs_test_revoked", 401, "", "unauthorized");
    refused("The key may not read sessions", "cs_test_forbidden", 403, "", "permission_denied");
    refused("Too many requests", "cs_test_limited", 429, "rate_limit", "rate_limited");
    refused("Stripe is down", "cs_test_down", 500, "", "stripe_unavailable");
    failed("Stripe cannot be reached", "cs_test_refused", sr::error_code::connection_refused);
    failed("Stripe does not answer", "cs_test_silent", sr::error_code::timed_out_waiting);
    answered("The answer is no JSON", "cs_test_garbled", "<html>", "not_json");
    answered("The answer is another session", "cs_test_other",
             session{"cs_test_paid", "complete", "paid"}.json(), "wrong_session");

    unasked("No session id", "/stripe_return", "missing_session_id");
    unasked("An empty session id", "/stripe_return?session_id=", "empty_session_id");
    unasked("Two session ids", "/stripe_return?session_id=cs_test_a&session_id=cs_test_b",
            "repeated_session_id");
    unasked("An array of session ids", "/stripe_return?session_id%5B%5D=cs_test_a",
            "array_session_id");
    unasked("A session id of 300 bytes", "/stripe_return?session_id=cs_" + std::string(300, 'a'),
            "session_id_too_long");
    unasked("A path for a session id", "/stripe_return?session_id=..%2Fcustomers%2Fcus_x",
            "malformed_session_id");
    unasked("The template was not replaced", "/stripe_return?session_id=%7BCHECKOUT_SESSION_ID%7D",
            "unreplaced_template");
    unasked("A client secret", "/stripe_return?session_id=cs_test_a_secret_b",
            "client_secret_given");
    unasked("A live session, a test key", "/stripe_return?session_id=cs_live_a",
            "live_session_with_test_key");
  }

  const std::vector<visit>& visits() const { return visits_; }

  // Null where the request is for no session of the script.
  const answer* answer_to(const sr::http_request& request) const {
    const std::string path = request.url.substr(0, request.url.find('?'));
    const auto at = answers_.find(path.substr(path.rfind('/') + 1));
    return at == answers_.end() ? nullptr : &at->second;
  }

private:
  void add(std::string name, const std::string& id, std::optional<sr::expected_order> expected,
           int http_status, std::string word, answer says) {
    visits_.push_back({std::move(name), "/stripe_return?session_id=" + id, std::move(expected),
                       http_status, std::move(word)});
    answers_.emplace(id, std::move(says));
  }

  // One session can be asked for at one time only, so a later time gets an id of its own.
  void recorded(std::string name, const std::string& file, std::string id,
                const std::string& out_trade_no, sr::unix_seconds at, std::string word) {
    std::string json = recording(file);
    if (at != now) {
      const std::string quoted = "\"" + id + "\"";
      id += "_later";
      json.replace(json.find(quoted), quoted.size(), "\"" + id + "\"");
    }
    add(std::move(name), id, order(out_trade_no), 200, std::move(word),
        [json, at] { return sr::testkit::stripe_response(200, json, at); });
  }

  void decided(std::string name, const session& session, std::string word, int amount = 400) {
    sr::expected_order expected = order("demo-1");
    expected.amounts = {{amount, "cny"}};
    add(std::move(name), session.id, std::move(expected), 200, std::move(word),
        [json = session.json()] { return sr::testkit::stripe_response(200, json, now); });
  }

  void refused(std::string name, const std::string& id, int status, const std::string& stripe_code,
               std::string word) {
    add(std::move(name), id, order("demo-1"), status == 404 ? 404 : 503, std::move(word),
        [status, body = error_body(stripe_code)] {
          return sr::testkit::stripe_response(status, body, now);
        });
  }

  void failed(std::string name, const std::string& id, sr::error_code code) {
    add(std::move(name), id, order("demo-1"), 503, std::string(to_string(code)), [code] {
      return sr::error{code, "This is a demonstration."};
    });
  }

  void answered(std::string name, const std::string& id, const std::string& body,
                std::string word) {
    add(std::move(name), id, order("demo-1"), 503, std::move(word),
        [body] { return sr::testkit::stripe_response(200, body, now); });
  }

  void unasked(std::string name, std::string target, std::string word) {
    visits_.push_back({std::move(name), std::move(target), std::nullopt, 400, std::move(word)});
  }

  std::vector<visit> visits_;
  std::map<std::string, answer> answers_; // by session id
};

const script& the_script() {
  static const script once;
  return once;
}

} // namespace

const std::vector<visit>& visits() {
  return the_script().visits();
}

std::shared_ptr<sr::transport> make_transport() {
  return std::make_shared<sr::testkit::scripted_transport>([](const sr::http_request& request) {
    const answer* scripted = the_script().answer_to(request);
    return scripted != nullptr ? (*scripted)() : unknown_session();
  });
}

} // namespace demo
