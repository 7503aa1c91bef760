// What the shopkeeper sees.
#pragma once

#include "page.hpp"

#include <stripe_return/fulfillment/customer_view.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <string>
#include <vector>

// An order as the store and the desk tell of it.
struct seen_order {
  stripe_return::order_record record;
  stripe_return::customer_view view;
  std::vector<stripe_return::history_entry> history;
};

page sign_in_page(const visit& visit, bool refused);

page orders_page(const visit& visit, const std::vector<seen_order>& orders);

// `csrf` goes into every form.
page order_details_page(const visit& visit, const seen_order& order, const std::string& csrf);

page order_not_found_page(const visit& visit);
