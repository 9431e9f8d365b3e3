"""What a team does with its mail. No Streamlit, no network, no clock."""
