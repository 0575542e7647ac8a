"""What sites of each form hold: one function a form, which fills one site and tells the truth of it."""
