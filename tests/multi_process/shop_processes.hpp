// Processes of one shop that share a store, and what they must have left behind.
#pragma once

#include "fake_stripe/running_program.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/orders/order_store.hpp>

#include <memory>
#include <random>
#include <set>
#include <string>

class shop_processes {
public:
  // `place` is what open_shop_store() takes.
  explicit shop_processes(const std::string& place);
  ~shop_processes();
  shop_processes(const shop_processes&) = delete;
  shop_processes& operator=(const shop_processes&) = delete;

  // Four of them at once, each until it has done its steps.
  void run_at_once();
  // Three of them at once; two hundred times one gets SIGKILL, and another one begins. Now and then
  // one kills itself right after its effect.
  void run_killed();

private:
  std::unique_ptr<running_program> start(int steps);
  void settle();
  std::set<std::string> paid_orders() const;
  // Expects that the laws hold.
  std::size_t repeated_effects() const;
  void expect_the_law_of(const std::string& number, bool paid,
                         const std::multiset<std::string>& effects) const;

  const std::string place_;
  const unsigned seed_ = std::random_device{}();
  std::mt19937 random_{seed_};
  const stripe_return::fake_stripe_server fake_;
  const std::unique_ptr<stripe_return::order_store> store_;
  const std::string effects_;
};
