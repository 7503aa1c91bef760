// What the customer sees.
#pragma once

#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>

#include <string>

struct page {
  int http_status;
  std::string html;
};

// Each says what is known and what to do; none shows the session, the order or the customer.
page page_for(const stripe_return::order_outcome& outcome);
page page_for(const stripe_return::error& failure);

std::string style_sheet();
