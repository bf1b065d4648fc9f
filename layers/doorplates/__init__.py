"""Digital doorplates 数字门牌 beyond their register."""
