"""The procedures database (cơ sở dữ liệu thủ tục hành chính): the only package that knows SQL."""
