// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

/// @title Governed
/// @notice Two roles that every contract of the network has: the governor (DEFAULT_ADMIN_ROLE) sets parameters and
/// grants roles, the guardian may stop everything at once. Only the governor starts it again.
abstract contract Governed is AccessControl, Pausable {
    /// @notice May pause.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    /// @notice An address that must not be zero is zero.
    error ZeroAddress();

    constructor(address governor, address guardian) {
        _requireAddress(governor);
        _requireAddress(guardian);
        _grantRole(DEFAULT_ADMIN_ROLE, governor);
        _grantRole(GUARDIAN_ROLE, guardian);
    }

    /// @notice Stops every call that moves tokens or makes duties. Only the guardian.
    function pause() external onlyRole(GUARDIAN_ROLE) {
        _pause();
    }

    /// @notice Ends a pause. Only the governor.
    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    function _requireAddress(address account) internal pure {
        if (account == address(0)) {
            revert ZeroAddress();
        }
    }
}
