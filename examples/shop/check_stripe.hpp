// The fake Stripe, by its own commands.
#pragma once

#include <httplib.h>

#include <string>

class stripe_hand {
public:
  explicit stripe_hand(const std::string& url) : client_(url) {}

  void apply(const std::string& session, const std::string& action);
  void lose_webhooks(int count);
  void delay_webhooks(int seconds);
  void deliver_webhooks();

  void go_down(); // until end_faults()
  void end_faults();

  // One that the shop did not make, for the same price. Its id.
  std::string make_session(const std::string& out_trade_no);

private:
  void command(const std::string& path, const std::string& body);

  httplib::Client client_;
};
