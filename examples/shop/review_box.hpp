// What the shopkeeper has to decide about an order.
#pragma once

#include "keeper_form.hpp"
#include "page.hpp"

#include <stripe_return/orders/order_record.hpp>

// Each item by itself: why, about which session and how much money, and what either verdict means.
// Below them those that are decided.
html review_boxes(const visit& visit, const stripe_return::order_record& order,
                  const form_keys& keys);
