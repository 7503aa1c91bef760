// Where the orders of a test are kept, and tests that run on every kind of store.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>

class store_place {
public:
  store_place() = default;
  store_place(const store_place&) = delete;
  store_place& operator=(const store_place&) = delete;
  virtual ~store_place() = default;

  // Each one that is opened has the same orders.
  virtual std::unique_ptr<stripe_return::order_store> open() = 0;
};

using make_store_place = std::unique_ptr<store_place> (*)();

// Each store's source says which suites run on it: STRIPE_RETURN_ON_THE_STORE.
class RolesOn : public testing::TestWithParam<make_store_place> {
protected:
  const std::unique_ptr<store_place> place = GetParam()();
};
class ThreadsOn : public RolesOn {};

#define STRIPE_RETURN_ON_THE_STORE(name, make)                                                     \
  INSTANTIATE_TEST_SUITE_P(name, RolesOn, testing::Values(make));                                  \
  INSTANTIATE_TEST_SUITE_P(name, ThreadsOn, testing::Values(make))
