// The shopkeeper's list of orders.
#pragma once

#include "page.hpp"

#include <stripe_return/orders/order_service.hpp>

#include <string_view>

// Which of them to show, by the word in the address; all for a word that is not known.
stripe_return::order_query query_for(std::string_view shown);

page orders_page(const visit& visit, std::string_view shown,
                 const stripe_return::order_page& orders);

page sign_in_page(const visit& visit, bool refused);
page order_not_found_page(const visit& visit);
