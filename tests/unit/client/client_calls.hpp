// Options of calls in a line each.
#pragma once

#include <stripe_return/client/session_client.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>

/// Sends the request and waits for the answer, which another thread that does so may be told.
inline stripe_return::result<stripe_return::http_response>
send_once(stripe_return::transport& transport, const stripe_return::http_request& request) {
  const auto told = std::make_shared<std::promise<stripe_return::attempt_result>>();
  auto answer = told->get_future();
  transport.start(
      request, [told](stripe_return::attempt_result about) { told->set_value(std::move(about)); });
  while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    transport.work_until(std::chrono::steady_clock::now() + std::chrono::minutes(1));
  return answer.get().answer;
}

/// For tea, of an order A1.
inline stripe_return::checkout_parameters a_checkout() {
  stripe_return::checkout_parameters parameters;
  parameters.out_trade_no = "A1";
  parameters.attempt = 1;
  parameters.line_items = {{"Tea", {1000, "eur"}}};
  parameters.success_url = "https://shop.example/return?session_id={CHECKOUT_SESSION_ID}";
  return parameters;
}

inline stripe_return::call_options in_account(std::string account) {
  stripe_return::call_options options;
  options.account = std::move(account);
  return options;
}

inline stripe_return::page_options page_after(std::string id, std::string account = {}) {
  stripe_return::page_options options;
  options.starting_after = std::move(id);
  options.account = std::move(account);
  return options;
}

inline stripe_return::list_options made_since(stripe_return::unix_seconds created,
                                              std::string after = {}, std::string account = {}) {
  stripe_return::list_options options;
  options.created_since = created;
  options.starting_after = std::move(after);
  options.account = std::move(account);
  return options;
}
