// A fake Stripe of which every answer has the canaries in it.
#pragma once

#include "canaries.hpp"

#include "fake_stripe/shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>

#include <atomic>
#include <string>
#include <thread>

class planting_stripe {
public:
  planting_stripe() {
    const auto forward = [this](const httplib::Request& asked, httplib::Response& answer) {
      answer_to(asked, answer);
    };
    server_.Get("/v1/.*", forward);
    server_.Post("/v1/.*", forward);
    url_ = "http://127.0.0.1:" + std::to_string(server_.bind_to_any_port("127.0.0.1"));
    running_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~planting_stripe() {
    server_.stop();
    running_.join();
  }
  planting_stripe(const planting_stripe&) = delete;
  planting_stripe& operator=(const planting_stripe&) = delete;

  const std::string& url() const { return url_; }
  // What happens to sessions; nothing is planted on this way.
  const shop& behind() const { return shop_; }

  // Every request from now on is answered so; 0: by the fake again.
  void refuse(int status) { refusal_ = status; }

private:
  void answer_to(const httplib::Request& asked, httplib::Response& answer) const {
    if (refusal_ != 0) {
      answer.status = refusal_;
      answer.set_header("Stripe-Should-Retry", "false");
      answer.set_header("Request-Id", "req_1 " + canary::secret_key);
      answer.set_header("Location", canary::page);
      answer.set_content(canary::planted_text(R"({"error":{"code":"no )" + canary::note + R"("}})"),
                         "application/json");
      return;
    }
    httplib::Headers headers;
    for (const char* name : {"Authorization", "Idempotency-Key", "Stripe-Version"}) {
      if (asked.has_header(name)) headers.emplace(name, asked.get_header_value(name));
    }
    httplib::Client fake(fake_.url());
    const auto made = asked.method == "POST" ? fake.Post(asked.target, headers, asked.body,
                                                         "application/x-www-form-urlencoded")
                                             : fake.Get(asked.target, headers);
    if (!made) { // a fault of the fake's
      answer.set_content("<html>" + canary::email + canary::page, "text/html");
      return;
    }
    answer.status = made->status;
    for (const char* name : {"Date", "Request-Id", "Stripe-Should-Retry"}) {
      if (made->has_header(name)) answer.set_header(name, made->get_header_value(name));
    }
    answer.set_header("Set-Cookie", canary::page);
    answer.set_content(canary::planted_text(made->body), "application/json");
  }

  stripe_return::fake_stripe_server fake_;
  shop shop_{fake_.url()};
  std::atomic<int> refusal_{0};
  httplib::Server server_;
  std::string url_;
  std::thread running_; // last: it uses the others
};
